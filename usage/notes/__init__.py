"""What people write at a time of the usage chart, for the whole team: its pages and deeds.

It asks the models and `teams` alone; the page that draws the chart shows the notes."""

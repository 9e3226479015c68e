"""The totals above the chart and the tables below it: the numbers that it draws, by value and by time.

It asks sheets, and figures for how each value went; each row leads to a question of its own."""

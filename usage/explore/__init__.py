"""From a question in the address to numbers, chart and table.

It asks the books for rollups and draws what they say; exports and reports ask it."""

"""A sheet as a figure for plotly.js, with the signs that stand above its bars. Pure.

It asks the sheet alone."""

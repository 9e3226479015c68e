"""A sheet as a figure for plotly.js, with signs for what the ledger noted. Pure.

It asks the sheet alone."""

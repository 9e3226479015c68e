"""The chart of a page: a figure with what stands beside it, what is compared, a limit, a forecast, a legend.

It asks figures, sheets and readings, and for a limit and a forecast the keys and the quota."""

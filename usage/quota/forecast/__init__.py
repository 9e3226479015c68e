"""Forecasts of days and periods that go on: a range, on the way and at the end, and why there is none.

It asks rollups for hours and reckons by pure functions; quotas and charts ask it."""

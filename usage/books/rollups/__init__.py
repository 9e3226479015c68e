"""Rollups: quarters, days and sums that pages read, made of what the fold found.

`rollup` writes them, `calendar` says in which zone days are written, `zone_change` writes them in another;
`cohorts` are sums of keys that pages ask for together, `settled_days` keeps them true where quarters change,
`unused_cohorts` throws them away. It knows nothing of knots.
"""

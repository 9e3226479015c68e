"""Rollups: what pages read. They cost what is drawn, never what lies behind it.

Watched time is counted like tokens: metric `coverage`, one model per quality, in microseconds.
A quarter is named by its end, as a number of quarter hours since 1970 (UTC).

`series` are those of each meter, `teams` and `cohorts` those of several together (`sums`), `past` what
billing periods that are over come to. The models themselves are taken from `usage.models`.
"""

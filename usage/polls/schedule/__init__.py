"""When a meter is asked: at regular instants, faster near a limit, and around the end of a period or day.

`regular` and `closings` are the instants, pure; `pacing` how long the time between them is; `plans` the
next one after a poll. It asks how near limits are, and nothing of who asks or what is told.
"""

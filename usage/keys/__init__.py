"""The page of keys: when each was polled, what is wrong since when, what it used, and who uses it.

It asks quotas and the last days of the quota page; `teams` lists the keys."""

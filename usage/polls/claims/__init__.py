"""Whose turn it is, and who asks: which keys have a meter, and the leases under which meters are asked.

`adoption` gives each key a meter; `due` and `lanes` choose whose turn it is, `hosts` is the breaker of each
host; `leases` cuts what was chosen into batches and claims them; `database_faults` gives back what failed.
Of answers it knows only what they tell of a host.
"""

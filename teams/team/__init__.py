"""A team itself: another one is made, its settings change, it comes to its end, and its audit trail is read.

What it consists of, members, keys and tokens, stands in rooms of its own.
"""

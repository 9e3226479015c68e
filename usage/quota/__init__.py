"""Limits of keys: the one limiter, what is used and left, and when it ends.

It asks the books for numbers; runs and polls ask it whether they may be sent."""

"""The provider's keys: what the team says of them by day, how they are added, checked, changed and retired.

The room asks models, audit trail and sign-in; the apps above register what they know of keys.
"""

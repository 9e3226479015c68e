"""Who belongs to a team: their roles, ways out, and the links that let people in.

The room asks models, audit trail and sign-in, and keys for what becomes of those of whoever leaves.
"""

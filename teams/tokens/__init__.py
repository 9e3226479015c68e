"""Team tokens: what programs read a team's numbers with. Each is shown once, ends by itself, is revoked at
once, and may no more than who made it may now. The room asks models, audit trail and sign-in."""

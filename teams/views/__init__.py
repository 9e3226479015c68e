"""The pages of first start, teams and keys."""

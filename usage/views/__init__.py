"""The pages of usage, quota and models."""

"""Noon, as the pages of usage have it."""

from tests.usage.explore.conftest import alice, noon

__all__ = ["alice", "noon"]

"""A provider that may be asked here; noon, as the pages of usage have it."""

from tests.usage.explore.conftest import noon
from tests.usage.polls.conftest import provider

__all__ = ["noon", "provider"]

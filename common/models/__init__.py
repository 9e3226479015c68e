"""What the installation has to do, whoever does it."""

from common.models.chores import Chore, ChoreQuerySet

__all__ = ["Chore", "ChoreQuerySet"]

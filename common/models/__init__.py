"""What the installation has to do, whoever does it."""

from common.models.chores import Chore, ChoreQuerySet
from common.models.jobs import LEASE, Job, JobQuerySet

__all__ = ["LEASE", "Chore", "ChoreQuerySet", "Job", "JobQuerySet"]

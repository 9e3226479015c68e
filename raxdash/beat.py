"""Celery's beat, which goes on when the clock is set back.

It remembers by the clock when each task was sent last and is sent next: after a step back of an hour it
would send nothing for an hour.
"""

from typing import Any

from celery.beat import Scheduler
from celery.utils.time import maybe_make_aware


class SteadyScheduler(Scheduler):
    """A schedule in memory that begins anew when a task was sent in the future."""

    def tick(self, *arguments: Any, **options: Any) -> float:
        """Send the task that is due, if one is; return the seconds until the next one may be."""
        if any(self._is_ahead(entry) for entry in self.schedule.values()):
            self._begin_anew()
        seconds: float = super().tick(*arguments, **options)
        return seconds

    def _is_ahead(self, entry: Any) -> bool:
        return maybe_make_aware(entry.last_run_at) > maybe_make_aware(entry.default_now())

    def _begin_anew(self) -> None:
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now()
        self._heap = None

"""Celery's beat, which goes on when the clock is set back, and says in one line that the broker is away.

It remembers by the clock when each task was sent last and is sent next: after a step back of an hour it
would send nothing for an hour.
"""

import logging
from typing import Any

from celery.beat import Scheduler, SchedulingError
from celery.utils.time import maybe_make_aware

logger = logging.getLogger(__name__)


class SteadyScheduler(Scheduler):
    """A schedule in memory that begins anew when a task was sent in the future."""

    def tick(self, *arguments: Any, **options: Any) -> float:
        """Send the task that is due, if one is; return the seconds until the next one may be."""
        if any(self._is_ahead(entry) for entry in self.schedule.values()):
            self._begin_anew()
        seconds: float = super().tick(*arguments, **options)
        return seconds

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send a task; one that the broker does not take is sent again when it is due next."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            cause = error.__cause__ or error.__context__ or error
            logger.warning("The broker did not take %s: %s", entry.name, type(cause).__name__)

    def _is_ahead(self, entry: Any) -> bool:
        return maybe_make_aware(entry.last_run_at) > maybe_make_aware(entry.default_now())

    def _begin_anew(self) -> None:
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now()
        self._heap = None

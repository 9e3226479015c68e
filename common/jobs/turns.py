"""Turns of other jobs within a slice that cannot be cut: nobody waits for its end."""

import time

from django.utils import timezone

from common.jobs import worker
from common.models import Job


class Turns:
    """What a slice that does the whole of a job calls now and then: it says how far the job is and holds it,
    and lets others have a slice, in all no longer than its own work takes.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._since, self._owed = time.monotonic(), 0.0

    def take(self, done: int, total: int) -> None:
        """Say how far the job is, then let another have a slice, if one waits. Raises `LeaseLost` where the
        job ended, or another worker has it.
        """
        worker.tell(self._job, done, total)
        began = time.monotonic()
        if began - self._since < self._owed:
            return
        if other := worker.claim_next(timezone.now(), beside=self._job):
            worker.run_slice(other)
            worker.tell(self._job, done, total)
        self._since = time.monotonic()
        self._owed = self._since - began

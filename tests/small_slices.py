"""raxdash's brisk Celery app with small slices of long jobs: there is a middle to be killed in."""

import time
from datetime import datetime

from celery.signals import worker_init

from tests.brisk import app

__all__ = ["app"]

PAUSE_SECONDS = 0.05


@worker_init.connect
def be_slow(**_: object) -> None:
    """Make small slices, with a breath before each."""
    from common.jobs import worker
    from usage.books import draft, draft_slices
    from usage.books.rollups import zone_change

    draft.POLLS, draft_slices.ROWS, zone_change.ROWS = 100, 500, 400
    claim_next = worker.claim_next

    def claim_slowly(now: datetime) -> object:
        time.sleep(PAUSE_SECONDS)
        return claim_next(now)

    # A name of the module is bound anew, so that each slice leaves time to be killed in.
    worker.claim_next = claim_slowly  # type: ignore[assignment]

"""A database that fails while a claim is polled: what was claimed is given back as soon as it answers again.

Else nobody would ask until the lease is over, long after the fault.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection

from common.database.faults import is_passing, name_of
from usage.polls.claims.due import give_back
from usage.polls.claims.leases import Claim

logger = logging.getLogger(__name__)

# Below the time that a task may take; after it the lease runs out by itself.
PATIENCE_SECONDS = 40.0
PAUSE_SECONDS = 1.0


@contextmanager
def released_after_faults(claim: Claim, renewed_until: datetime) -> Iterator[None]:
    """Give a claim back, under its old name or that of its renewal, where the block meets a fault of the
    database that passes, and raise that again.

    It waits for the database, in a place of the pool that has nothing to do meanwhile.
    """
    try:
        yield
    except DatabaseError as fault:
        if is_passing(fault):
            _release(claim, renewed_until)
        raise


def _release(claim: Claim, renewed_until: datetime) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            give_back(claim, renewed_until)
        except DatabaseError as fault:
            logger.info("The database does not take back what was to be polled: %s", name_of(fault))
            connection.close()
            time.sleep(PAUSE_SECONDS)
        else:
            return

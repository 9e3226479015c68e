"""Queue a Celery task after the transaction, without ever failing the request.

The database says what is due; a message only nudges. So where the broker is away the nudge is logged
and lost, and the next tick of beat finds the row anyway.
"""

import logging
from datetime import datetime
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError

logger = logging.getLogger(__name__)

BROKER_ERRORS = (OperationalError, KombuError, OSError)


def publish_on_commit(task: Task, *ids: Any) -> None:
    """Send `task(*ids)` to the workers once the current transaction is saved. Ids only, never secrets."""
    transaction.on_commit(lambda: publish(task, *ids), robust=True)


def publish(task: Task, *ids: Any, at: datetime | None = None) -> bool:
    """Send `task(*ids)` now; tell whether the broker took it. Blocks for a few seconds at most.

    With `at` a worker keeps the message until then, and does other tasks meanwhile.
    """
    try:
        task.apply_async(args=ids, retry=False, eta=at)
    except BROKER_ERRORS as error:
        logger.warning("The broker did not take %s: %s", task.name, type(error).__name__)
        return False
    return True

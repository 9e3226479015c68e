"""Queue a Celery task after the transaction, without ever failing the request.

The database says what is due; a message only nudges. So where the broker is away the nudge is logged
and lost, and the next tick of beat finds the row anyway.
"""

import logging
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from celery import Task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError

from common.redis_breaker import breaker_of

logger = logging.getLogger(__name__)

BROKER_ERRORS = (OperationalError, KombuError, OSError)


def publish_on_commit(task: Task, *ids: Any) -> None:
    """Send `task(*ids)` to the workers once the current transaction is saved. Ids only, never secrets."""
    transaction.on_commit(lambda: publish(task, *ids), robust=True)


def publish(task: Task, *ids: Any, at: datetime | None = None) -> bool:
    """Send `task(*ids)` now; tell whether the broker took it. Blocks for a few seconds at most, and once.

    With `at` a worker keeps the message until then, and does other tasks meanwhile.
    """
    try:
        with watched_broker():
            task.apply_async(args=ids, retry=False, eta=at)
    except BROKER_ERRORS as error:
        logger.warning("The broker did not take %s: %s", task.name, type(error).__name__)
        return False
    return True


def watched_broker() -> AbstractContextManager[None]:
    """Remember a Redis that hangs; raise `RedisIsAway` at once where it is known to."""
    return breaker_of(settings.REDIS_URL).guarding() if settings.REDIS_URL else nullcontext()

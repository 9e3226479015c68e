"""Tasks that belong to no app."""

import logging
import socket

from celery import shared_task
from django.utils import timezone

from raxdash.models import Heartbeat
from raxdash.work import broker

logger = logging.getLogger(__name__)


@shared_task
def sweep_broker() -> None:
    """Keep the embedded broker's file small."""
    if swept := broker.sweep():
        logger.info("Swept %d delivered messages from the broker", swept)


@shared_task
def heartbeat() -> None:
    """Say that a worker lives; what a worker of the version before still asks for."""
    say_alive()


def say_alive(places: int = 1) -> None:
    """Say that this worker lives, with so many places in its pool, and forget those that no longer do."""
    now = timezone.now()
    Heartbeat.objects.beat(socket.gethostname(), now, places)
    Heartbeat.objects.all().gone(now).delete()

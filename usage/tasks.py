"""Celery tasks: thin hands. A lost, late or repeated message changes nothing."""

import logging

from celery import shared_task
from django.utils import timezone

from teams.queueing import publish
from usage import calendar, polling

logger = logging.getLogger(__name__)


@shared_task(name="usage.tasks.tick")
def tick() -> None:
    """Find what is due and hand it to the workers; a batch whose message is lost is due again soon."""
    calendar.rewrite_stale()
    for batch in polling.claim_due(timezone.now()):
        publish(poll_meters, batch)


@shared_task(name="usage.tasks.poll_meters")
def poll_meters(meter_ids: list[int]) -> None:
    """Poll a batch of meters."""
    outcomes = polling.poll_batch(meter_ids)
    failed = sum(bool(outcome.error) for outcome in outcomes)
    logger.info("Polled %d meters, %d without an answer.", len(outcomes), failed)

"""Tasks that belong to no app."""

import logging

from celery import shared_task

from raxdash import broker

logger = logging.getLogger(__name__)


@shared_task
def sweep_broker() -> None:
    """Keep the embedded broker's file small."""
    if swept := broker.sweep():
        logger.info("Swept %d delivered messages from the broker", swept)

"""The playground's tasks. Each may run twice: the database says what is due."""

import logging

from celery import shared_task
from django.utils import timezone

from playground.history import retention
from playground.search import filling

logger = logging.getLogger(__name__)


@shared_task(name="playground.tasks.forget")
def forget() -> None:
    """Erase the text of runs that are older than their teams keep it, once a day."""
    if count := retention.forget_due(timezone.now()):
        logger.info("Forgot the text of %d runs.", count)


@shared_task(name="playground.tasks.index")
def index() -> None:
    """Begin to add runs to the search that it lacks, once a day."""
    if count := filling.start_missing(timezone.now()):
        logger.info("Began to add older runs to the search in %d teams.", count)

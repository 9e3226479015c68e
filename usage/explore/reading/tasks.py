"""Celery tasks of the readings."""

from celery import shared_task
from django.utils import timezone

from usage.explore.reading import settling


@shared_task(name="usage.tasks.settle")
def settle() -> None:
    """Sum up days by cohorts, so that pages of many keys read few rows; of two at once, one does it."""
    settling.run_when_due(timezone.now())

"""The worker's task for long jobs: a thin hand. The database says what is due, a message only nudges."""

from celery import shared_task

from common.jobs import worker
from common.queueing import publish


@shared_task(name="common.tasks.work")
def work() -> None:
    """Go on with the long jobs that are due for a while; then others have their turn first."""
    if worker.work():
        publish(work)

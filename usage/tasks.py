"""The app's tasks, where Celery looks for them."""

from usage.explore.reading.tasks import settle
from usage.polls.tasks import adopt, poll_meters, tick, tidy

__all__ = ["adopt", "poll_meters", "settle", "tick", "tidy"]

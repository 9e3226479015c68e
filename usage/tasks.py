"""The app's tasks, where Celery looks for them."""

from usage.polls.tasks import poll_meters, tick, tidy

__all__ = ["poll_meters", "tick", "tidy"]

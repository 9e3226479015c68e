"""The app's tasks, where Celery looks for them."""

from usage.polls.tasks import adopt, poll_meters, tick, tidy

__all__ = ["adopt", "poll_meters", "tick", "tidy"]

"""The usage app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """The usage app."""

    name = "usage"

    def ready(self) -> None:
        """Hear of teams, let workers know our long jobs, and lists of keys what we know of them."""
        from common import troubles
        from usage import key_notes, long_jobs, receivers
        from usage.polls.troubles import Polls

        receivers.connect()
        long_jobs.register_all()
        key_notes.register()
        troubles.register(Polls())

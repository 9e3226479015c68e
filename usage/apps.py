"""The usage app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """The usage app."""

    name = "usage"

    def ready(self) -> None:
        """Hear of teams, and let workers know our long jobs."""
        from usage import long_jobs, receivers

        receivers.connect()
        long_jobs.register_all()

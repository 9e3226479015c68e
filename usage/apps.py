"""The usage app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """The usage app."""

    name = "usage"

    def ready(self) -> None:
        """Hear of teams, let workers know our long jobs, and pages of teams what is known here."""
        from common import dots, troubles
        from common.metrics import collectors
        from teams.keys import pages as key_pages
        from usage import key_notes, long_jobs, receivers
        from usage.dots import Numbers, Quota
        from usage.explore.saved import start
        from usage.keys.views import keys
        from usage.polls.troubles import Polls

        receivers.connect()
        long_jobs.register_all()
        key_notes.register()
        key_pages.register(keys)
        start.register()
        troubles.tellers.register(Polls())
        dots.tellers.register(Numbers())
        dots.tellers.register(Quota())
        collectors.register("usage", "usage.metrics.collect")

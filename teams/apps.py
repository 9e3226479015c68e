"""The app of people, teams, roles and keys."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """People, teams, roles and the provider's keys."""

    name = "teams"

    def ready(self) -> None:
        """Hear what becomes of accounts."""
        from teams import receivers

        receivers.connect()

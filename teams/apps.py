"""The app of people, teams, roles and keys."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """People, teams, roles and the provider's keys."""

    name = "teams"

    def ready(self) -> None:
        """Hear what becomes of accounts, and let the menu know of keys that are refused."""
        from common import dots
        from teams import receivers
        from teams.keys.dots import Refusals

        receivers.connect()
        dots.tellers.register(Refusals())

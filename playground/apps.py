"""The playground app."""

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    """The playground app."""

    name = "playground"

    def ready(self) -> None:
        """Hear what becomes of people, keys and teams."""
        from playground.history import departures

        departures.connect()

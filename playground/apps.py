"""The playground app."""

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    """The playground app."""

    name = "playground"

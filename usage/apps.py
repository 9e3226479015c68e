"""The usage app."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """The usage app."""

    name = "usage"

"""The raxdash app."""

from django.apps import AppConfig


class RaxdashConfig(AppConfig):
    """The raxdash app."""

    name = "raxdash"

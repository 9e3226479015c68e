"""The raxdash app."""

from django.apps import AppConfig


class RaxdashConfig(AppConfig):
    """The raxdash app."""

    name = "raxdash"

    def ready(self) -> None:
        """Let pages know what the workers' heartbeats tell."""
        from common import troubles
        from raxdash.troubles import Workers

        troubles.tellers.register(Workers())

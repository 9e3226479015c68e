"""The raxdash app."""

from django.apps import AppConfig


class RaxdashConfig(AppConfig):
    """The raxdash app."""

    name = "raxdash"

    def ready(self) -> None:
        """Let pages know what the workers' heartbeats tell, and Prometheus how their work is."""
        from common import troubles
        from common.metrics import collectors
        from raxdash.work.troubles import Workers

        troubles.tellers.register(Workers())
        collectors.register("work", "raxdash.metrics.collect")

"""The playground app."""

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    """The playground app."""

    name = "playground"

    def ready(self) -> None:
        """Hear what becomes of people, keys and teams, and let workers know the long jobs."""
        from common.jobs.kinds import Kind, register
        from common.metrics import collectors
        from playground.history import departures
        from playground.search import filling

        departures.connect()
        register(Kind(filling.KIND, filling.WORDS, filling.step))
        collectors.register("playground", "playground.metrics.collect")
        collectors.register("process", "playground.metrics.collect_process")

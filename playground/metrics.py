"""What the playground tells Prometheus: runs that are live anywhere, and ends that this process keeps."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import Metric

from common.metrics import gauge
from playground.live.runner import ends
from playground.models import Run


def collect(now: datetime) -> Iterator[Metric]:
    """Yield what the database says of all processes; one query."""
    live = gauge("live_runs", "Runs that are live in any process.")
    live.add_metric([], Run.objects.live().count())
    yield live


def collect_process(now: datetime) -> Iterator[Metric]:
    """Yield what only the process knows that is asked; no query."""
    unsaved = gauge("unsaved_ends", "Ended runs of this web process whose end is not stored yet.")
    unsaved.add_metric([], len(ends.waiting))
    yield unsaved

"""What apps tell Prometheus, read from our tables each time it asks.

Each app names its collector where it is ready. One that cannot be asked leaves the others: what is wrong with
the database is told by whoever needs none.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.module_loading import import_string

if TYPE_CHECKING:  # it is imported where it is asked: workers and commands do without
    from prometheus_client import Metric
    from prometheus_client.core import GaugeMetricFamily

logger = logging.getLogger(__name__)

type Collector = Callable[[datetime], Iterable["Metric"]]


class Collectors:
    """All that tell something, by the name of their app."""

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def register(self, app: str, path: str) -> None:
        """Ask the collector at a dotted path too; it is imported when it is asked first."""
        self._paths[app] = path

    def collect(self, now: datetime) -> "Iterator[Metric]":
        """Yield what each app tells, and last which of them could be asked."""
        up = gauge("collector_up", "Whether a part of raxdash could tell its metrics.", "collector")
        for app, path in self._paths.items():
            told = _ask(path, now)
            yield from told or ()
            up.add_metric([app], told is not None)
        yield up


def gauge(name: str, words: str, *labels: str) -> "GaugeMetricFamily":
    """Return an empty metric of ours that may rise and fall; `words` say what it is, in a sentence."""
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(f"raxdash_{name}", words, labels=labels)


def _ask(path: str, now: datetime) -> "list[Metric] | None":
    """Return all that a collector tells; None where it fails."""
    try:
        collect: Collector = import_string(path)
        return list(collect(now))
    except Exception:
        logger.exception("The metrics of %s could not be read.", path)
        return None


collectors = Collectors()

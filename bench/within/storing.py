"""Fold and store polls, as fast as it goes, and say what that cost."""

import time
from datetime import UTC, datetime, timedelta

from django.db import OperationalError

from bench.within.answers import INTERVAL, rounds
from usage.books.ingest import store
from usage.models import Meter


def fold(count: str) -> dict[str, float]:
    """Store so many rounds of polls of all meters; return polls, seconds and CPU seconds."""
    meters = list(Meter.objects.values_list("pk", flat=True))
    begin = datetime.now(UTC) - (int(count) + 1) * INTERVAL
    waiting = list(rounds(meters, begin, int(count)))
    store(waiting.pop(0))  # makes the series
    at, cpu = time.perf_counter(), time.process_time()
    stored = sum(store(answers) for answers in waiting)
    return {
        "polls": stored,
        "seconds": time.perf_counter() - at,
        "cpu_seconds": time.process_time() - cpu,
    }


def write(place: str, writers: str, seconds: str) -> dict[str, int]:
    """Store polls of this writer's share of the meters for so long; return how many, and what was refused."""
    meters = list(Meter.objects.order_by("pk").values_list("pk", flat=True))[int(place) :: int(writers)]
    stored = refused = 0
    until = time.monotonic() + float(seconds)
    for answers in rounds(meters, datetime.now(UTC) - timedelta(days=20), 5_000):
        try:
            stored += store(answers)
        except OperationalError:
            refused += 1
        if time.monotonic() > until:
            break
    return {"stored": stored, "refused": refused}

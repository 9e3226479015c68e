"""Fold and store polls, as fast as it goes, and say what that cost."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db import OperationalError

from bench.within.answers import INTERVAL, rounds, telling
from usage.books.answers.answer import Answer
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


def hold() -> dict[str, float]:
    """Store absurd answers to each meter, one in a transaction; return the median ms of each kind."""
    meters = list(Meter.objects.values_list("pk", flat=True))
    times: dict[str, list[float]] = {}
    for meter_id in meters:
        for kind, answer in absurd(meter_id):
            began = time.perf_counter()
            store([answer])
            times.setdefault(kind, []).append(time.perf_counter() - began)
    return {kind: median(each) * 1000 for kind, each in times.items()}


def absurd(meter_id: int) -> Iterator[tuple[str, Answer]]:
    """Yield what a broken provider may tell, in order: one answer and its kind."""
    since, year = datetime(1970, 1, 1, tzinfo=UTC), timedelta(days=365)
    at, used = datetime.now(UTC) - 4 * year, 0
    for kind, gap, start, end, names in (
        ("1970 to 2100", INTERVAL, since, datetime(2100, 1, 1, tzinfo=UTC), 200),
        ("the next of many models", INTERVAL, since, datetime(2100, 1, 1, tzinfo=UTC), 200),
        ("an outage of days", 5 * year / 365, since, datetime(2100, 1, 1, tzinfo=UTC), 200),
        ("a period of a century", year, at + year, at + 100 * year, 200),
        ("three years and ten models", 2 * year, at + year, datetime(9999, 1, 1, tzinfo=UTC), 10),
    ):
        at, used = at + gap, used + 1_000
        yield kind, told(meter_id, at, used, (start, end), names)


def told(meter_id: int, at: datetime, used: int, period: tuple[datetime, datetime], names: int) -> Answer:
    """Return an answer that names so many models, each of which has used so many tokens and requests."""
    breakdown = {f"model-{number}": (used + number, used) for number in range(names)}
    return telling(meter_id, at, breakdown, period)

"""An account as it was folded before a counter spoke of its own period only, row by row."""

from datetime import UTC, datetime, timedelta

from teams.models import Key
from tests.usage.polled import answer, make_meter
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.verify import rebuild_team
from usage.ledger.grid import quarter_number
from usage.ledger.words import microseconds
from usage.models import Annotation, Knot, Meter, Period, Quarter, RawPoll, Series, Stretch

MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
# The last two hours of October; what was counted in them was still told in November.
BEGIN = datetime(2026, 10, 31, 22, tzinfo=UTC)
END = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = datetime(2026, 11, 1, 1, tzinfo=UTC)
TOKENS, REQUESTS = 1_200, 60
POLLS = 5


def told(meter: Meter, number: int) -> Answer:
    """An answer of every quarter of an hour."""
    at = FIRST + number * 15 * MINUTE
    return answer(meter, at, {"rax-4.0": (TOKENS, REQUESTS)}, BEGIN, END)


def make_old_meter(key: Key) -> Meter:
    """A meter that was polled five times from one o'clock on, with the rows of that time."""
    meter = make_meter(key, FIRST + 2 * HOUR)
    store(told(meter, number) for number in range(POLLS))
    make_old(meter)
    return meter


def make_old(meter: Meter) -> None:
    """Put the rows that the old rules made in the place of the new ones."""
    for model in (Knot, Period, Annotation, Stretch, Series):
        model._default_manager.filter(meter=meter).delete()
    start, end = microseconds(BEGIN), microseconds(END)
    ats = list(RawPoll.objects.readable().filter(meter=meter).values_list("at", flat=True))
    first, last = ats[0], ats[-1]
    period = {"period_start": start, "period_end": end}
    Knot.objects.create(meter=meter, at=start, quality="unknown", values={}, firm=False, **period)
    for at in ats:
        quality = "before_watching" if at == first else "measured"
        seen = {"before_watching": first - start} | ({"measured": at - first} if at > first else {})
        values = amounts() | {"coverage": seen}
        Knot.objects.create(meter=meter, at=at, quality=quality, values=values, firm=True, **period)
    Period.objects.create(meter=meter, start=start, end=end, counters=amounts(), last_at=last)
    spread(meter, "rax-4.0", "tokens", TOKENS, start, first)
    spread(meter, "rax-4.0", "requests", REQUESTS, start, first)
    spread(meter, "before_watching", "coverage", first - start, start, first)
    spread(meter, "measured", "coverage", last - first, first, last)
    state = {
        "at": last,
        "seen": last,
        "period": {"start": start, "end": end, "opening": {}, "exact": True},
        "counters": amounts(),
        "coverage": {"before_watching": first - start, "measured": last - first},
        "pending": None,
    }
    Meter.objects.filter(pk=meter.pk).update(state=state, rules=None, watched_from=BEGIN)
    meter.refresh_from_db()
    rebuild_team(meter.team)


def amounts() -> dict[str, dict[str, int]]:
    return {"tokens": {"rax-4.0": TOKENS}, "requests": {"rax-4.0": REQUESTS}}


def spread(meter: Meter, model: str, metric: str, amount: int, start: int, end: int) -> None:
    """Rows of quarters along a straight line."""
    series = Series.objects.create(meter=meter, model=model, metric=metric)
    opening = 0
    for number in range(quarter_number(start + 1), quarter_number(end) + 1):
        until = min(number * 900_000_000, end)
        value = amount * (until - start) // (end - start)
        if value != opening:
            Quarter.objects.create(series=series, number=number, opening=opening, value=value)
        opening = value

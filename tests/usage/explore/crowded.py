"""A team of which there is something to say everywhere: each reading of a page finds what it looks for.

Keys that are watched, misread, gone quiet, over their period, that fell, that tell a cost or nothing at all;
owners, projects and labels that change; prices that change; notes, changed models, views and runs.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from teams.keys.attributes import change_attributes
from teams.models import ALWAYS, Label, Owner
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, id_of
from tests.usage.explore.saved.saving import make_view
from tests.usage.notes.writing import make_note
from tests.usage.polled import answer, make_meter, run
from tests.usage.prices.priced import make_price
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.models import CatalogueModel, LocalUsage, Meter, ModelChange

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = 40
PERIODS = [datetime.fromisoformat(f"2026-{month}-01T00:00:00Z") for month in ("10", "11", "12")]
NAMES = ("Main", "Second", "Shop", "Search")


def crowd(cast: Cast) -> dict[str, str]:
    """Fill Acme; return a value of each dimension, as filters name it."""
    keys = [cast.key, *(make_key(cast.team, cast.bob, name) for name in NAMES[1:])]
    meters = [make_meter(key, NOON) for key in keys]
    store(each for place, meter in enumerate(meters) for each in told(meter, place))
    labels = Label.objects.named(cast.team, ["Batch", "Night"])
    change_attributes(keys[:2], ALWAYS, {"project": "Chat", "labels": tuple(labels)})
    change_attributes(keys[1:3], NOON.date() - 9 * DAY, {"owner": Owner.of(cast.adam), "project": "Shop"})
    alone = make_key(cast.team, cast.alice, "Alone")
    make_meter(alone, NOON, status=Meter.Status.NO_USAGE)
    for hours in range(1, 40 * 24, 30):
        run(alone, NOON - hours * HOUR, 90, member_id=cast.alice.pk)
        run(keys[0], NOON - hours * HOUR, 60, member_id=cast.bob.pk, source=LocalUsage.Source.SUITE)
    say_what_is_wrong(meters)
    write_beside(cast)
    return {
        "model": str(id_of("rax-4.0")),
        "key": str(keys[1].pk),
        "account": str(meters[0].pk),
        "owner": str(cast.adam.pk),
        "project": "=Shop",
        "label": str(labels[0].pk),
        "member": str(cast.bob.pk),
        "source": "suite",
    }


def told(meter: Meter, place: int) -> Iterator[Answer]:
    """Polls every four hours; the last of the keys tells a cost too."""
    begin = (NOON - DAYS * DAY).replace(hour=0)
    for number in range(1, DAYS * 6 + 3):
        at = begin + number * 4 * HOUR - HOUR
        start, end = next((a, b) for a, b in pairwise(PERIODS) if a <= at < b)
        hours = (at - max(start, begin)) // HOUR
        counters = {"rax-4.0": (hours * (place + 1), hours), "rax-4.5": (hours * 7, hours)}
        one = answer(meter, at, counters, start, end)
        yield replace(one, cost=Decimal(hours), currency=None) if place == len(NAMES) - 1 else one


def say_what_is_wrong(meters: list[Meter]) -> None:
    """Each of the keys has something that its page tells."""
    changes: tuple[dict[str, Any], ...] = (
        {"missed_polls": 4},
        {"unread_parts": "a model without a name"},
        {"period_end": NOON - HOUR, "answered_at": NOON, "watched_until": NOON - HOUR},
        {"fallen_tokens": 5},
    )
    for meter, fields in zip(meters, changes, strict=True):
        Meter.objects.filter(pk=meter.pk).update(**fields)


def write_beside(cast: Cast) -> None:
    """Notes, views, prices, and a model that came."""
    make_note(cast.team, cast.bob, first=NOON.date() - DAY)
    for owner in (None, cast.alice, cast.bob, cast.vera):
        make_view(cast.team, owner, query="by=key&period=30d")
    for day, price in ((date(2026, 10, 1), "2"), (date(2026, 11, 3), "3"), (date(2026, 11, 20), "1")):
        make_price(cast.team, "rax-4.5", day, price)
    seen = {"first_seen_at": NOON - 2 * DAY, "last_seen_at": NOON}
    model = CatalogueModel.objects.create(team=cast.team, base_url=cast.key.base_url, name="rax-5", **seen)
    ModelChange.objects.create(model=model, at=NOON - 2 * DAY, kind=ModelChange.Kind.DISAPPEARED)

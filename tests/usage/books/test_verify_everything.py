"""Whatever is stored of a meter: where one row of it is wrong, verify names it and a rebuild mends it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from teams.models import Team
from tests.usage.books.test_stretches import DAY, HOUR, MINUTE, NOON
from tests.usage.books.test_told_days import day
from tests.usage.books.test_verify import run
from tests.usage.stored import answer_at, make_meter
from usage.books import told_days
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.verify import meter_differences, team_differences
from usage.ledger import Event, Quality
from usage.models import Annotation, Day, Knot, Meter, Period, Quarter, Stretch, TeamDay, TeamQuarter

pytestmark = pytest.mark.django_db

BEGIN, END = NOON - 2 * HOUR, NOON + DAY
MODELS = [f"model-{number:03}" for number in range(101)]  # one more than have a seat


@pytest.fixture
def meter(team: Team) -> Meter:
    """A meter with days told before it was watched, an outage, a fall, and usage told after its period."""
    meter = make_meter(team)
    told = [(1, 300), (6, 310), (10 * 60, 400), (10 * 60 + 5, 390), (10 * 60 + 40, 395), (26 * 60 + 3, 450)]
    store(answer(meter, BEGIN + minutes * MINUTE, 101 * tokens) for minutes, tokens in told)
    told_days.store([day(meter, number) for number in (1, 2)])
    return Meter.objects.get(pk=meter.pk)


def answer(meter: Meter, at, tokens: int) -> Answer:
    return answer_at(
        meter,
        at,
        period_start=BEGIN,
        period_end=END,
        total_tokens=tokens,
        total_requests=tokens,
        breakdown=dict.fromkeys(MODELS, (tokens // 101, tokens // 101)),
        cost=Decimal(tokens) / 100,
        currency="EUR",
    )


def delete(rows) -> None:
    row = rows.order_by("pk").last()
    assert row
    type(row).objects.filter(pk=row.pk).delete()


def change(rows, **values) -> None:
    row = rows.order_by("pk").last()
    assert row
    type(row).objects.filter(pk=row.pk).update(**values)


def money(rows):
    return rows.filter(series__metric="cost:EUR")


BREAKS: dict[str, tuple[str, Callable[[], None]]] = {
    "a stretch": (
        "stretches",
        lambda: change(Stretch.objects.filter(quality=Quality.INTERPOLATED), amounts={}),
    ),
    "a told day": ("stretches", lambda: delete(Stretch.objects.filter(quality=Quality.TOLD))),
    "a raised knot": ("knots", lambda: change(Knot.objects.exclude(polled_at=None), polled_at=None)),
    "seats": ("knots", lambda: change(Knot.objects.filter(seats__isnull=False), seats=None)),
    "a quarter's cost": ("quarters", lambda: change(money(Quarter.objects), value=1)),
    "a day's cost": ("days", lambda: change(money(Day.objects), value=1)),
    "the team's cost": (
        "team quarters",
        lambda: change(TeamQuarter.objects.filter(metric="cost:EUR"), amount=1),
    ),
    "the team's cost of a day": (
        "team days",
        lambda: change(TeamDay.objects.filter(metric="cost:EUR"), amount=1),
    ),
    "a period": ("periods", lambda: change(Period.objects, counters={"tokens": {"model-000": 1}})),
    "a correction": ("notes", lambda: delete(Annotation.objects.filter(event=Event.CORRECTION))),
    "a state": ("state", lambda: change(Meter.objects, state=None)),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_named_and_mended(team: Team, meter: Meter, what: str) -> None:
    assert meter_differences(meter) == team_differences(team) == []
    name, breaks = BREAKS[what]
    breaks()
    found = [*meter_differences(meter), *team_differences(team)]
    assert name in found
    run("rebuild")
    assert meter_differences(meter) == team_differences(team) == []

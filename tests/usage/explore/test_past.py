"""What is over is read from sums, and pages say the same as if they read each account's periods and notes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.test import Client

from common.database.together import read
from teams.keys.attributes import change_attributes
from teams.models import ALWAYS, Team
from tests.cast import Cast, make_key
from tests.usage.explore import companies
from tests.usage.explore.reading import page_by_value, plain
from tests.usage.polled import answer, make_meter
from usage.books import past
from usage.books.ingest import store
from usage.explore.proof.told_periods import Counted, told_periods
from usage.explore.reading.periods.past import Past, past_notes
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds, moment
from usage.models import Annotation, Meter, PastSums

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONTHS = [datetime.fromisoformat(f"2026-{month:02}-01T00:00Z") for month in (8, 9, 10, 11, 12)]
NOON = datetime.fromisoformat("2026-11-23T12:00Z")
LAST_WEEK = microseconds(NOON - 8 * DAY)


def counters(at: datetime, began: datetime) -> dict[str, tuple[int, int]]:
    """What was used since a period began, 10 tokens an hour."""
    hours = (at - began) // HOUR
    return {"rax": (8 * hours, hours), "mini": (2 * hours, 0)}


def tell(meter: Meter, times: Sequence[datetime]) -> None:
    """Poll an account at these times."""
    store(
        answer(meter, at, counters(at, start), start, end)
        for start, end in pairwise(MONTHS)
        for at in times
        if start < at <= end
    )


@pytest.fixture
def meters(cast: Cast) -> list[Meter]:
    """Accounts that were asked every six hours from August on; of one nobody saw how September ended."""
    keys = [cast.key, *(make_key(cast.team, cast.alice, name) for name in ("Night", "Batch"))]
    found = [make_meter(key, NOON) for key in keys]
    times = [MONTHS[0] + number * 6 * HOUR for number in range(1, 458)]
    for meter in found[:2]:
        tell(meter, times)
    tell(found[2], [at for at in times if not MONTHS[2] - 2 * DAY < at <= MONTHS[2]])
    return found


def told(team: Team, sums: Past | None, start: datetime, end: datetime, **models: Any) -> list[Any]:
    """What is told of the periods of a time and of its notes."""
    periods = [
        read(told_periods(team, None, start, end, Counted(metric, False, False, **models), sums))
        for metric in ("tokens", "requests")
    ]
    return [*periods, read(past_notes(sums, Annotation.objects.all(), team, start, end))]


def holding(team: Team) -> Past | None:
    return read(Past.read(team))


@pytest.mark.usefixtures("noon")
def test_a_page_of_months_says_the_same(alice: Client, cast: Cast, meters: list[Meter]) -> None:
    before = plain(page_by_value(alice, "?period=12m"))
    assert "a new billing period began" in before
    assert past.sum_up_when_due(cast.team, NOON)
    assert plain(page_by_value(alice, "?period=12m")) == before
    # Of what is over nothing else is read.
    assert not past.differ(cast.team)
    PastSums.objects.update(periods=[], notes=[])
    assert past.differ(cast.team)
    assert "a new billing period began" not in page_by_value(alice, "?period=12m")


def test_every_span_and_choice_of_models_is_told_alike(cast: Cast, meters: list[Meter]) -> None:
    past.sum_up(cast.team, LAST_WEEK)
    sums = holding(cast.team)
    spans = [
        (MONTHS[0] - 90 * DAY, NOON),
        (MONTHS[1], NOON),
        (MONTHS[1] + HOUR, MONTHS[3]),
        (NOON, MONTHS[4]),
    ]
    choices: list[dict[str, tuple[str, ...]]] = [{}, {"only": ("rax",)}, {"without": ("rax",)}, {"only": ()}]
    for start, end in spans:
        for models in choices:
            assert told(cast.team, sums, start, end, **models) == told(cast.team, None, start, end, **models)


def test_they_hold_from_poll_to_poll(cast: Cast, meters: list[Meter]) -> None:
    past.sum_up(cast.team, LAST_WEEK)
    tell(meters[0], [NOON + 6 * HOUR])
    assert holding(cast.team)
    assert not past.sum_up_when_due(cast.team, NOON + 6 * HOUR)


def test_an_answer_that_tells_more_of_what_is_over_leaves_them_behind(
    cast: Cast, meters: list[Meter]
) -> None:
    past.sum_up(cast.team, LAST_WEEK)
    tell(meters[2], [MONTHS[2] - HOUR])
    assert holding(cast.team) is None
    assert past.sum_up_when_due(cast.team, NOON)
    span = MONTHS[0], NOON
    assert told(cast.team, holding(cast.team), *span) == told(cast.team, None, *span)


def test_an_account_that_still_tells_an_old_period_leaves_them_behind(cast: Cast) -> None:
    meter = make_meter(cast.key, NOON)
    tell(meter, [MONTHS[1] + DAY])
    past.sum_up(cast.team, LAST_WEEK)
    store([answer(meter, NOON, {"rax": (900, 9)}, MONTHS[1], MONTHS[2])])
    assert holding(cast.team) is None


def test_whatever_else_changes_numbers_leaves_them_behind(cast: Cast, meters: list[Meter]) -> None:
    past.sum_up(cast.team, LAST_WEEK)
    change_attributes([cast.key], ALWAYS, {"project": "Chat"})
    assert holding(cast.team) is None


def test_what_changes_while_they_are_made_leaves_them_behind(
    cast: Cast, meters: list[Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = past._notes

    def notes(*asked: Any) -> Any:
        tell(meters[2], [MONTHS[2] - HOUR])
        return made(*asked)

    monkeypatch.setattr(past, "_notes", notes)
    assert not past.sum_up(cast.team, LAST_WEEK)
    assert holding(cast.team) is None


def test_random_worlds_are_told_alike() -> None:
    for company in companies.found(range(30, 34)):
        dice = Random(f"past {company.number}")
        watched = [at for one in company.told for at in one.world.watched()]
        first, last = min(watched) // QUARTER, max(watched) // QUARTER
        for _ in range(4):
            past.sum_up(company.team, dice.randint(first, last) * QUARTER)
            sums = holding(company.team)
            for _ in range(8):
                places = sorted(dice.sample(range(first - 9, last + 9), 2))
                span = [moment(place * QUARTER) for place in places]
                assert told(company.team, sums, *span) == told(company.team, None, *span)

"""Accounts with outages of days are counted anew: a stretch longer than a slice changes over bit by bit."""

from datetime import timedelta

import pytest
from django.db.models import F, Sum

from common.jobs import worker
from common.models import Job
from tests.cast import Cast, make_key
from tests.common.jobs import run_jobs
from tests.usage.polled import answer, make_meter
from tests.usage.stored import assert_stored_equals_fold
from tests.usage.twins import NOON, PERIOD
from usage.accounts import recount, sharing
from usage.books import draft_slices
from usage.books.answers.answer import Answer, stored_poll
from usage.books.ingest import store
from usage.books.verify import meter_differences, team_differences
from usage.ledger import TOKENS, LedgerKnot, SeriesKey, fold
from usage.ledger.grid import QUARTER, value_at
from usage.models import Meter, Quarter, RawPoll, SharingSuggestion, Stretch

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MODEL = SeriesKey("rax-4.0", TOKENS)
# Hours before noon at which each key was polled: the gaps lie across one another, one is two days long.
TOLD = ((60, 59, 58, 20, 19, 12, 3, 2), (61, 45, 44, 43, 10, 9, 2, 1))


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of few rows: every long gap takes many."""
    monkeypatch.setattr(draft_slices, "ROWS", 150)
    monkeypatch.setattr(recount, "LAST_POLLS", 5)


def told(meter: Meter, hours: int) -> Answer:
    counters = {MODEL.model: (100_000 - 1_001 * hours, 1_000 - hours)}
    return answer(meter, NOON - hours * HOUR, counters, *PERIOD)


@pytest.fixture
def twins(cast: Cast) -> SharingSuggestion:
    """Two keys of one account, each polled where the other one was not."""
    meters = [make_meter(make_key(cast.team, cast.alice, name), NOON) for name in ("One", "Two")]
    for meter, hours in zip(meters, TOLD, strict=True):
        store(told(meter, before) for before in hours)
    first, second = meters
    return SharingSuggestion.objects.create(
        team=cast.team, first=first, second=second, changes=4, noticed_at=NOON
    )


def knots_of(*meters: Meter) -> tuple[LedgerKnot, ...]:
    polls = [stored_poll(raw) for raw in RawPoll.objects.filter(meter__in=meters)]
    return fold(poll for poll in polls if poll).knots


def shown() -> int:
    """All tokens of the team's keys, in quarters and in stretches."""
    quarters = Quarter.objects.filter(series__metric=TOKENS, series__model=MODEL.model)
    moved = quarters.aggregate(sum=Sum(F("value") - F("opening"), default=0))["sum"]
    return moved + sum(stretch.as_ledger().amounts.get(MODEL, 0) for stretch in Stretch.objects.all())


def risen(knots: tuple[LedgerKnot, ...], since: int, until: int) -> int:
    return value_at(knots, MODEL, until) - value_at(knots, MODEL, since)


def test_after_every_slice_all_is_new_before_the_boundary_and_old_after_it(twins: SharingSuggestion) -> None:
    old, new = [knots_of(twins.first), knots_of(twins.second)], knots_of(twins.first, twins.second)
    assert sharing.count_once(twins, None, NOON)
    boundaries, end = set(), new[-1].at
    while worker.work(seconds=0):
        boundary = Job.objects.get().place.get("quarter", 0) * QUARTER
        boundaries.add(boundary)
        expected = risen(new, 0, boundary) + sum(risen(knots, boundary, end) for knots in old)
        assert abs(shown() - expected) <= len(old)  # parts of stretches are whole tokens
        assert team_differences(twins.team) == []
    run_jobs()
    assert len(boundaries) > 5
    assert shown() == risen(new, 0, end)


def test_merged_and_parted_they_are_as_the_fold_says(twins: SharingSuggestion) -> None:
    meter = sharing.count_once(twins, None, NOON)
    assert meter
    run_jobs()
    assert_stored_equals_fold(twins.team, meter)
    assert sharing.count_apart(Meter.objects.get(merged_into=meter), None, NOON)
    run_jobs()
    assert not any(meter_differences(each) for each in Meter.objects.for_team(twins.team))
    assert team_differences(twins.team) == []


def test_years_without_a_row_are_one_slice(twins: SharingSuggestion) -> None:
    start = NOON - timedelta(days=20_000)
    for meter in (twins.first, twins.second):
        ancient = answer(meter, start + HOUR, {MODEL.model: (5, 5)}, start, start + 2 * HOUR)
        store([ancient])
    assert sharing.count_once(twins, None, NOON)
    slices = 0
    while worker.work(seconds=0):
        slices += 1
    run_jobs()
    assert slices < 200
    assert team_differences(twins.team) == []

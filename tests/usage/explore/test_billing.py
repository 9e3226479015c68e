"""The billing periods around a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from common.database.together import read
from tests.usage.conftest import make_key
from usage.explore.query.team_time import BillingPeriod
from usage.explore.reading.periods.billing import billing_around, own_periods, own_totals
from usage.ledger.words import microseconds
from usage.models import Meter, Period

SECOND = timedelta(seconds=1)


def month(number: int, day: int = 1) -> datetime:
    return datetime(2026, number, day, tzinfo=UTC)


def add_meter(team, name: str = "Main", months: range = range(1, 7), day: int = 1, **fields: object) -> None:
    meter = Meter.objects.create(team=team, key=make_key(team, name), name=name, next_poll_at=month(7))
    for number in months:
        start, end = microseconds(month(number, day)), microseconds(month(number + 1, day))
        Period.objects.create(meter=meter, start=start, end=end, last_at=end, **fields)


def starts(team, until: datetime) -> list[datetime]:
    return [period.start for period in billing_around(team, until).periods]


@pytest.mark.django_db
def test_the_newest_stands_before_the_one_it_followed(team):
    add_meter(team)
    assert billing_around(team, month(6, 20)).periods == [
        BillingPeriod(month(6), month(7)),
        BillingPeriod(month(5), month(6)),
    ]


@pytest.mark.django_db
def test_an_earlier_one_stands_between_its_neighbours(team):
    add_meter(team)
    assert starts(team, month(4)) == [month(4), month(3), month(2)]


@pytest.mark.django_db
def test_periods_of_several_keys_that_begin_together_are_one(team):
    for name in ("a", "b", "c"):
        add_meter(team, name)
    assert starts(team, month(3, 2)) == [month(4), month(3), month(2)]


@pytest.mark.django_db
def test_of_keys_whose_periods_begin_apart_each_has_its_own(team):
    add_meter(team, "a")
    add_meter(team, "b", day=15)
    following, newest, before = billing_around(team, month(3, 20)).periods
    assert newest == BillingPeriod(month(3), month(4, 15), is_own=True)
    assert (following.start, before.start) == (month(4), month(2))


@pytest.mark.django_db
def test_one_steps_through_each_keys_own_periods_and_back(team):
    add_meter(team, "a")
    add_meter(team, "b", day=15)
    bounds = {name: (month(3, day), month(4, day)) for name, day in (("a", 1), ("b", 15))}
    _, newest, before = billing_around(team, month(3, 20)).periods
    following, older, _ = billing_around(team, newest.start).periods
    assert (older.start, older.end) == (before.start, before.end) == (month(2), month(3, 15))
    again = read(own_periods(team, following.end, is_late=False))
    assert {own.names[0]: (own.start, own.end) for own in again} == bounds


@pytest.mark.django_db
def test_each_keys_own_period_is_summed_as_the_provider_counts_it(team):
    add_meter(
        team, "a", counters={"tokens": {"rax-4.0": 1_000, "(unattributed)": -1}, "requests": {"rax-4.0": 3}}
    )
    add_meter(team, "b", day=15, counters={"tokens": {"rax-4.0": 20}}, tail=5)
    add_meter(team, "c", day=15, counters={"tokens": {"rax-4.5": 300}})
    found = read(own_periods(team, month(3, 20), is_late=False))
    assert [(own.names, own.keys, str(own.amounts["tokens"])) for own in found] == [
        (("b", "c"), 2, "at least 320"),
        (("a", "a"), 1, "999"),
    ]
    assert {metric: str(amount) for metric, amount in own_totals(found).items()} == {
        "tokens": "at least 1,319",
        "requests": "at least 3",
    }


@pytest.mark.django_db
def test_what_goes_on_is_a_lower_bound_while_polls_are_missed(team):
    add_meter(team, "a", counters={"tokens": {"rax-4.0": 7}})
    add_meter(team, "b", day=15, counters={"tokens": {"rax-4.0": 9}})
    late = read(own_periods(team, month(3, 20), is_late=True))
    assert [str(own.amounts["tokens"]) for own in late] == ["at least 9", "at least 7"]


@pytest.mark.django_db
def test_of_periods_that_begin_together_the_longest_counts(team):
    add_meter(team, "a", range(3, 4))
    add_meter(team, "b", range(3, 4))
    Period.objects.filter(meter__name="b").update(end=microseconds(month(5)))
    assert billing_around(team, month(3, 2)).periods == [BillingPeriod(month(3), month(5))]


@pytest.mark.django_db
def test_what_a_moved_boundary_replaced_is_none(team):
    add_meter(team, superseded=True)
    assert billing_around(team, month(6, 20)).periods == []


@pytest.mark.django_db
def test_before_the_first_there_is_only_the_next(team):
    add_meter(team)
    assert starts(team, month(1)) == [month(1)]

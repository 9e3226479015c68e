"""The billing periods around a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.usage.conftest import make_key
from usage.explore.billing import billing_around
from usage.explore.selection import BillingPeriod
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
    return [period.start for period in billing_around(team, until)]


@pytest.mark.django_db
def test_the_newest_stands_before_the_one_it_followed(team):
    add_meter(team)
    assert billing_around(team, month(6, 20)) == [
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
def test_periods_of_keys_that_begin_apart_follow_one_another(team):
    add_meter(team, "a")
    add_meter(team, "b", day=15)
    assert starts(team, month(3, 20)) == [month(4), month(3, 15), month(3)]


@pytest.mark.django_db
def test_of_periods_that_begin_together_the_longest_counts(team):
    add_meter(team, "a", range(3, 4))
    add_meter(team, "b", range(3, 4))
    Period.objects.filter(meter__name="b").update(end=microseconds(month(5)))
    assert billing_around(team, month(3, 2)) == [BillingPeriod(month(3), month(5))]


@pytest.mark.django_db
def test_what_a_moved_boundary_replaced_is_none(team):
    add_meter(team, superseded=True)
    assert billing_around(team, month(6, 20)) == []


@pytest.mark.django_db
def test_before_the_first_there_is_only_the_next(team):
    add_meter(team)
    assert starts(team, month(1)) == [month(1)]

"""Billing periods that reach into a time are found by their ends, however many there were before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import BigIntegerField

from tests.cast import Cast
from tests.usage.twins import NOON
from usage.ledger.words import microseconds
from usage.models import Meter, Period

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table whole.")
def test_those_of_a_day_are_found_by_an_index_of_their_ends(cast: Cast) -> None:
    asked = Period.objects.for_team(cast.team).touching(NOON - DAY, NOON, has_parts=False)
    assert "period_ends (meter_id=? AND <expr>>?)" in asked.explain()


def test_each_part_of_a_period_has_some_of_all_its_time(cast: Cast) -> None:
    meter = Meter.objects.create(team=cast.team, name="Main", next_poll_at=NOON)
    first, second, end = (microseconds(NOON + number * DAY) for number in range(3))
    parts = Period(start=first, end=second, last_at=second), Period(start=second, end=end, last_at=end)
    for part in parts:
        part.meter, part.told_start = meter, first
        part.save()
    for shown in (NOON, NOON + DAY):
        assert Period.objects.for_team(cast.team).touching(shown, shown + DAY).count() == 2


def test_instants_fit_into_what_they_are_compared_with(cast: Cast) -> None:
    asked = Period.objects.for_team(cast.team).touching(NOON - DAY, NOON, has_parts=False)
    # SQLite takes any number, PostgreSQL is not even asked where one is too large.
    assert {type(each.output_field) for each in asked.query.annotations.values()} == {BigIntegerField}

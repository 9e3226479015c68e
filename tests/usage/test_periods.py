"""Billing periods that reach into a time are found by their ends, however many there were before."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.cast import Cast
from tests.usage.twins import NOON
from usage.models import Period

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table whole.")
def test_those_of_a_day_are_found_by_an_index_of_their_ends(cast: Cast) -> None:
    asked = Period.objects.for_team(cast.team).touching(NOON - DAY, NOON, has_parts=False)
    assert "period_ends (meter_id=? AND <expr>>?)" in asked.explain()

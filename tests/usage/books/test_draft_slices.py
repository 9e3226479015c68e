"""A slice replaces as many rows as it may, however many series there are and however long the time is."""

from zoneinfo import ZoneInfo

import pytest

from teams.models import Team
from tests.usage.stored import make_meter
from usage.books.draft import Draft
from usage.books.draft_slices import ROWS, last_quarter, most_quarters, slice_end
from usage.ledger.grid import QUARTER
from usage.models import Knot, Meter, Quarter, Series

FIRST, ROWS_THERE = 1_900_000, 3 * ROWS
ZONE = ZoneInfo("UTC")

pytestmark = pytest.mark.django_db


@pytest.fixture
def meter(team: Team) -> Meter:
    """A hundred series, of which one moved in each quarter for two months, and then none."""
    meter = make_meter(team)
    busy, *_ = (Series.objects.create(meter=meter, model=f"m{n}", metric="tokens") for n in range(100))
    Quarter.objects.bulk_create(
        Quarter(series=busy, number=FIRST + n, opening=n, value=n + 1) for n in range(ROWS_THERE)
    )
    return meter


@pytest.fixture
def draft(meter: Meter) -> Draft:
    draft = make_meter(meter.team, "Draft")
    return Draft(meter.pk, [meter.pk], draft.pk, -1, -1, -1)


def put_knot(draft: Draft, number: int) -> None:
    Knot.objects.create(
        meter_id=draft.draft, at=number * QUARTER, quality="measured", values={}, period_start=0, firm=True
    )


def test_it_goes_far_where_few_of_many_series_moved(meter: Meter, draft: Draft) -> None:
    end = slice_end([draft], [], FIRST, ZONE)
    length = end - FIRST + 1
    assert 20 * most_quarters([draft], []) < length <= ROWS


def test_it_is_short_where_the_draft_may_write_a_row_of_each(meter: Meter, draft: Draft) -> None:
    put_knot(draft, FIRST + 10)
    end = slice_end([draft], [], FIRST, ZONE)
    assert end - FIRST + 1 <= most_quarters([draft], [])


def test_it_ends_before_a_draft_begins_to_write(meter: Meter, draft: Draft) -> None:
    put_knot(draft, FIRST + 600)
    assert slice_end([draft], [], FIRST, ZONE) < FIRST + 600 - 24


def test_all_slices_together_reach_the_last_quarter(meter: Meter, draft: Draft) -> None:
    slices, number = 0, FIRST - 1
    while number < last_quarter([draft], []):
        number = slice_end([draft], [], number + 1, ZONE)
        slices += 1
    assert slices <= 10

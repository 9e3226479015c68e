"""What is summed up or frozen beside the ledger knows of imports, or stays what it was and says so."""

from datetime import UTC, datetime, timedelta

import pytest

from teams.permissions import Access
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON
from tests.usage.explore.test_frozen_pages import freeze, opened, stats
from tests.usage.imports.importing import access_of, give, rows, take_in, undo
from tests.usage.polled import make_meter, poll
from usage.books.rollups.cohorts import settle
from usage.books.verify import team_differences
from usage.explore.query.dimensions import Dimension
from usage.explore.reading import numbers
from usage.explore.reading.numbers import Numbers
from usage.models import Meter, SettledDay, ToldDay

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOVEMBER = datetime(2025, 11, 1, tzinfo=UTC)
FIRST, LAST = NOVEMBER + 2 * DAY, NOVEMBER + 14 * DAY


@pytest.fixture
def meters(cast: Cast) -> list[Meter]:
    """Two keys of one project, each polled from the 4th to the 8th and again from the 13th on."""
    found = []
    for key in (cast.key, make_key(cast.team, cast.alice, "Second")):
        meter = make_meter(key, NOVEMBER)
        for begun, ends in ((4, 8), (13, 30)):
            start, end = NOVEMBER + (begun - 1) * DAY, NOVEMBER + (ends - 1) * DAY
            poll(meter, start + HOUR, {"rax-9": (100, 1)}, start, end)
            poll(meter, start + 4 * HOUR, {"rax-9": (400, 4)}, start, end)
        found.append(meter)
    return found


@pytest.fixture
def access(cast: Cast) -> Access:
    return access_of(cast.team, cast.adam)


def by_owner(cast: Cast) -> Numbers:
    edges = [FIRST + number * DAY for number in range(13)]
    return numbers.read(cast.team, edges, "tokens", (Dimension.OWNER,), LAST)


def test_days_summed_up_by_cohorts_have_what_was_imported(
    access: Access, cast: Cast, meters: list[Meter]
) -> None:
    origin = take_in(access, give(access, [*rows(range(1, 14)), *rows([9], key="Second", tokens=9)]))
    each = by_owner(cast)
    undo(access, origin)
    before = by_owner(cast)
    for number in range(12):
        assert settle(cast.team, (FIRST + number * DAY).date(), [[meter.pk for meter in meters]])
    assert by_owner(cast) == before
    origin = take_in(access, give(access, [*rows(range(1, 14)), *rows([9], key="Second", tokens=9)]))
    assert SettledDay.objects.filter(is_summed=True).count() == 12
    assert by_owner(cast) == each
    # Days 8 to 12 of the first key and the 9th of the second; the 3rd, before both.
    assert each.total - before.total == 70 * 6 + 9
    assert team_differences(cast.team) == []
    undo(access, origin)
    assert by_owner(cast) == before


@pytest.mark.usefixtures("noon")
def test_a_frozen_page_stays_and_tells_what_was_imported_since(access: Access, cast: Cast) -> None:
    meter = make_meter(cast.key, NOON)
    poll(meter, NOON - HOUR, {"rax-9": (500, 5)}, NOON - DAY, NOON + 29 * DAY)
    client = cast.client("adam")
    address = freeze(client, "?start=2026-11-01&end=2026-11-23")
    before = opened(client, address)
    assert "changed-since" not in before
    origin = take_in(access, give(access, ["2026-11-05T00:00:00Z,Main key,rax-9,70,3"]))
    after = opened(client, address)
    assert stats(after) == stats(before)
    assert "changed-since" in after
    undo(access, origin)
    assert "changed-since" not in opened(client, address)


def test_a_team_that_goes_takes_its_imports_along(access: Access, cast: Cast, meters: list[Meter]) -> None:
    take_in(access, give(access, rows([1, 2])))
    cast.team.delete()
    assert not ToldDay.objects.exists()

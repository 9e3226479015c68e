"""Days that are settled stay so while polls of them come: what these tell is added to the sums."""

from datetime import date, timedelta
from itertools import batched, chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.models import Team
from tests.cast import Cast, make_key
from tests.usage.books.test_world_invariants import ZONES, answer_in, serial
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import make_meter, poll
from tests.usage.stored import make_meter as make_meter_of
from tests.usage.worlds import World, honest_worlds
from usage.books.ingest import store
from usage.books.rollups import cohorts
from usage.books.rollups.cohorts import settle
from usage.ledger.words import moment
from usage.models import CohortDay, CohortQuarter, Meter, SettledDay

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = NOON.date()


@pytest.fixture
def meters(cast: Cast) -> list[Meter]:
    """Two keys that used 100 and 1,000 tokens an hour since midnight."""
    found = [make_meter(key, NOON) for key in (cast.key, make_key(cast.team, cast.bob, "Second"))]
    poll_hours(found, range(13))
    return found


def poll_hours(meters: list[Meter], hours: range) -> None:
    for hour in hours:
        for meter, tokens in zip(meters, (100, 1_000), strict=True):
            poll(meter, NOON + (hour - 12) * HOUR, {"rax": (tokens * hour, hour)}, *PERIOD)


def settled(team: Team, meters: list[Meter], *days: date) -> None:
    assert all(settle(team, day, [[meter.pk for meter in meters]]) for day in days)


def days() -> list[date]:
    return sorted(SettledDay.objects.filter(is_summed=True).values_list("day", flat=True))


def by_day(metric: str = "tokens") -> list[int]:
    return list(CohortDay.objects.filter(metric=metric).order_by("day").values_list("amount", flat=True))


def test_polls_add_to_the_day_that_goes_on_and_to_the_next(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters, TODAY, TODAY + DAY)
    poll_hours(meters, range(13, 31))
    assert days() == [TODAY, TODAY + DAY]
    # A sample is in the middle of its request: some of the first hour's use is of the hour before.
    assert sum(by_day()) == 30 * 1_100
    assert by_day("coverage")[1] == 2 * 6 * 3_600_000_000 + 2 * 500_000
    assert not cohorts.differ(cast.team)


def test_each_meter_adds_to_its_own_cohort(cast: Cast, meters: list[Meter]) -> None:
    lonely = make_meter(make_key(cast.team, cast.alice, "Third"), NOON)
    assert settle(cast.team, TODAY, [[meters[0].pk], [meters[1].pk]])
    poll(lonely, NOON, {"rax": (7, 1)}, *PERIOD)
    poll_hours(meters, range(13, 15))
    used = {tuple(row.cohort.meters): row.amount for row in CohortDay.objects.filter(metric="tokens")}
    assert used == {(meters[0].pk,): 1_400, (meters[1].pk,): 14_000}


def test_a_day_that_is_just_being_summed_up_is_taken_away(
    cast: Cast, meters: list[Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cohorts.changes

    def changes(day: SettledDay) -> list:
        rows = found(day)
        poll_hours(meters, range(13, 14))
        return rows

    monkeypatch.setattr(cohorts, "changes", changes)
    assert not settle(cast.team, TODAY, [[meter.pk for meter in meters]])
    assert not SettledDay.objects.exists()


def test_a_day_of_another_zone_is_told_by_its_quarters(cast: Cast, meters: list[Meter]) -> None:
    # Days are still written in UTC: there, 18:15 begins the next day of Nepal.
    Team.objects.filter(pk=cast.team.pk).update(time_zone="Asia/Kathmandu")
    settled(cast.team, meters, TODAY, TODAY + DAY)
    poll_hours(meters, range(13, 24))
    assert not cohorts.differ(cast.team)
    # After a late answer it is folded again: that takes the day in Nepal away.
    poll(meters[0], NOON + 7 * HOUR + HOUR / 10, {"rax": (1_950, 19)}, *PERIOD)
    assert days() == [TODAY]


def store_with_settled_days(world: World, zone: str, dice: st.DataObject) -> Team:
    """Store what two keys were told of a world, some polls at a time; days are settled in between, also some
    that are still to come.
    """
    number = next(serial)
    team = Team.objects.create(name="Acme", slug=f"settled-{number}", time_zone=zone)
    meters = [make_meter_of(team), make_meter_of(team)]
    answers = sorted(
        chain.from_iterable((answer_in(each, meter) for each in world.polls()) for meter in meters),
        key=lambda each: each.started_at,
    )
    last = max(1, (team.day_of(moment(world.polls_at[-1])) - team.day_of(moment(world.polls_at[0]))).days + 1)
    for some in batched(answers, max(1, len(answers) // 4), strict=False):
        day = team.day_of(some[0].started_at) + dice.draw(st.integers(0, min(last, 40))) * DAY
        together = dice.draw(st.booleans())
        settle(team, day, [[one.pk for one in meters]] if together else [[meters[0].pk]])
        store(some)
    return team


@settings(max_examples=20)
@given(honest_worlds(least_polls=4), st.sampled_from(ZONES), st.data())
def test_whatever_is_polled_settled_days_are_what_their_meters_used(world, zone, dice):
    team = store_with_settled_days(world, zone, dice)
    assert not cohorts.differ(team)


def test_the_sums_hold_no_row_of_nothing(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters, TODAY, TODAY + DAY)
    poll_hours(meters, range(13, 15))
    assert not CohortQuarter.objects.filter(amount=0).exists()

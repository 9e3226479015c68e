"""Thirty days against the limit of each, as a ledger in which every poll is added up by hand has them."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from common.database.together import read
from teams.keys.attributes import change_attributes
from teams.models import Key, KeyLimits, Plan, Terms
from tests.cast import Cast
from tests.usage.polled import answer, make_meter
from usage.books.ingest import store
from usage.claims import Sureness
from usage.models import Meter, Stretch
from usage.quota.page.days import DAYS, Month, PastDays, reading_past_days

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AUTUMN = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
BEGIN = datetime(2026, 10, 10, tzinfo=UTC)


def polled(meter: Meter, unseen: tuple[datetime, datetime] | None = None) -> dict[datetime, int]:
    """Polls on the full hour since before the thirty days: {when an hour began: what was used in it}."""
    dice, told, hours, answers = Random(5), 0, {}, []
    for hour in range(int((NOW - BEGIN) / HOUR)):
        at = BEGIN + hour * HOUR
        hours[at] = dice.randrange(9_000)
        told += hours[at]
        if not unseen or not unseen[0] < at + HOUR <= unseen[1]:
            moment = at + HOUR - timedelta(seconds=0.5)
            answers.append(answer(meter, moment, {"a": (told // 3, 1), "b": (told - told // 3, 1)}, *AUTUMN))
    store(answers)
    return hours


def past_days(cast: Cast) -> PastDays:
    return read(reading_past_days(cast.team, [cast.key], NOW))


def by_hand(hours: dict[datetime, int], zone: str) -> dict[date, int]:
    found: dict[date, int] = {}
    for at, amount in hours.items():
        day = at.astimezone(ZoneInfo(zone)).date()
        found[day] = found.get(day, 0) + amount
    return found


@pytest.mark.parametrize(
    ("zone", "quota_zone"),
    [
        ("UTC", "UTC"),
        ("Europe/Berlin", "Europe/Berlin"),  # clocks went back on 25 October
        ("UTC", "Europe/Berlin"),
        ("Asia/Tokyo", "America/New_York"),  # and there on 1 November
    ],
)
def test_each_day_has_what_was_used_on_it_in_the_providers_zone(
    cast: Cast, zone: str, quota_zone: str
) -> None:
    cast.team.time_zone, cast.team.quota_time_zone = zone, quota_zone
    cast.team.save()
    meter = make_meter(cast.key, NOW)
    hours = polled(meter)

    found = past_days(cast)

    days = found.month.dates
    assert (len(days), days[-1]) == (DAYS, NOW.astimezone(ZoneInfo(quota_zone)).date())
    expected = by_hand(hours, quota_zone)
    amounts = found.amounts(meter.pk)
    # A straight line between polls half a second beside the hour moves a token or two over midnight.
    assert [amount.certain for amount in amounts] == pytest.approx([expected[day] for day in days], abs=5)
    assert {amount.sureness for amount in amounts[:-1]} == {Sureness.KNOWN}


def test_a_day_that_nobody_saw_has_no_amount_and_its_neighbours_are_lower_bounds(cast: Cast) -> None:
    meter = make_meter(cast.key, NOW)
    out, back = datetime(2026, 11, 10, 6, tzinfo=UTC), datetime(2026, 11, 12, 6, tzinfo=UTC)
    hours = polled(meter, unseen=(out, back))
    assert Stretch.objects.filter(meter=meter, start__gt=0).exists()
    found = past_days(cast)
    amounts = dict(zip(found.month.dates, found.amounts(meter.pk), strict=True))
    assert amounts[date(2026, 11, 11)].is_unknown
    for day, seen in ((10, range(6)), (12, range(7, 24))):
        certain = sum(hours[datetime(2026, 11, day, hour, tzinfo=UTC)] for hour in seen)
        amount = amounts[date(2026, 11, day)]
        assert amount.sureness == Sureness.AT_LEAST
        assert amount.certain == pytest.approx(certain, abs=5)
    assert amounts[date(2026, 11, 13)].is_known


def test_time_whose_spread_nobody_saw_within_a_day_belongs_to_it(cast: Cast) -> None:
    meter = make_meter(cast.key, NOW)
    hours = polled(
        meter, unseen=(datetime(2026, 11, 10, 6, tzinfo=UTC), datetime(2026, 11, 10, 20, tzinfo=UTC))
    )
    found = past_days(cast)
    place = found.month.dates.index(date(2026, 11, 10))
    amount = found.amounts(meter.pk)[place]
    assert amount.is_known
    assert amount.certain == pytest.approx(by_hand(hours, "UTC")[date(2026, 11, 10)], abs=5)


def test_the_limit_is_that_of_each_day(cast: Cast) -> None:
    change_attributes([cast.key], date(2026, 11, 5), {"terms": Terms(Plan.FREE)})
    own = Terms(Plan.OWN, KeyLimits(tokens_per_day=5_000))
    change_attributes([cast.key], date(2026, 11, 20), {"terms": own})
    limits = past_days(cast).limits[cast.key.pk]
    asked = {day: limits.on(date(2026, 11, day)) for day in (4, 5, 19, 20, 23)}
    assert asked == {4: None, 5: 100_000, 19: 100_000, 20: 5_000, 23: 5_000}


def test_a_key_whose_attributes_never_changed_has_the_limit_of_now(cast: Cast) -> None:
    Key.objects.filter(pk=cast.key.pk).update(plan=Plan.FREE)
    cast.key.refresh_from_db()
    assert past_days(cast).limits[cast.key.pk].on(date(2026, 11, 1)) == 100_000


def test_a_month_has_thirty_days_whatever_clocks_do() -> None:
    month = Month.of(ZoneInfo("Europe/Berlin"), datetime(2026, 11, 10, 12, tzinfo=UTC))
    lengths = [(day.end - day.start) / HOUR for day in month.days]
    assert (len(lengths), sorted(set(lengths))) == (30, [24, 25])

"""The day's curve: sums that follow the steps, a usual day of the weeks before, paths within the picture."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from usage.quota.day import QuotaDay
from usage.quota.forecast.course import Forecast, Point
from usage.quota.forecast.history import History
from usage.quota.page.account_day import Step
from usage.quota.page.curve import GROUND, LEFT, RIGHT, TOP, Curve, sums, usual_day

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)
DAY = QuotaDay(MIDNIGHT, MIDNIGHT + 24 * HOUR)
UTC_ZONE = ZoneInfo("UTC")


def at(hour: float) -> datetime:
    return MIDNIGHT + hour * HOUR


def test_sums_follow_the_steps_and_stand_still_between_them() -> None:
    steps = [Step(at(1), at(2), 100), Step(at(4), at(4.25), 50)]
    assert sums(steps, DAY, at(6), None) == [
        *((at(0), 0), (at(1), 0), (at(2), 100), (at(4), 100), (at(4.25), 150), (at(6), 150))
    ]


def test_sums_of_a_key_that_is_new_begin_when_it_was_watched() -> None:
    steps = [Step(at(1), at(2), 100), Step(at(4), at(4.25), 50)]
    assert sums(steps, DAY, at(6), at(3)) == [(at(3), 0), (at(4), 0), (at(4.25), 50), (at(6), 50)]


def test_a_usual_day_is_the_mean_of_the_same_weekday() -> None:
    """Thursdays of 10 and 20 tokens an hour before this one; all other days of 1,000."""
    begin = MIDNIGHT - timedelta(weeks=2)
    amounts = [10.0] * 24 + [1_000.0] * 144 + [20.0] * 24 + [1_000.0] * 144
    found = usual_day(History(begin, UTC_ZONE, amounts), DAY)
    assert len(found) == 25
    assert found[12] == (at(12), pytest.approx(180))
    assert found[-1] == (at(24), pytest.approx(360))


def test_of_a_day_that_was_hardly_seen_nothing_is_usual() -> None:
    begin = MIDNIGHT - timedelta(weeks=2)
    seen = [1.0] * 168 + [0.1] * 24 + [1.0] * 144
    assert usual_day(History(begin, UTC_ZONE, [10.0] * 336, seen), DAY) == ()
    assert usual_day(None, DAY) == ()


@pytest.mark.parametrize("limit", [None, 50, 100, 10**9])
def test_all_of_it_lies_within_the_picture(limit: int | None) -> None:
    points = [Point(at(12), 100, 100, 100), Point(at(24), 150, 300, 10**7)]
    forecast = Forecast(points, is_profile=False, tested=9)
    usual = [(at(0), 0.0), (at(24), 90.0)]
    curve = Curve(DAY, UTC_ZONE, [(at(0), 0.0), (at(12), 100.0)], limit, forecast, usual, at(13))
    paths = curve.used_path, curve.area_path, curve.usual_path, curve.cone_path, curve.middle_path
    for path in paths:
        numbers = list(map(float, re.findall(r"[\d.]+", path)))
        assert all(LEFT <= x <= RIGHT for x in numbers[::2])
        assert all(TOP <= y <= GROUND for y in numbers[1::2])
    assert curve.shows_limit == (limit in {50, 100, 10**7})

"""One forecast: from which history, by which method, and why there is none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from usage.quota.forecast.course import Forecast
from usage.quota.forecast.forecast import Span
from usage.quota.forecast.forecast import forecast as told_forecast
from usage.quota.forecast.history import HOUR, History

BERLIN, DAY = ZoneInfo("Europe/Berlin"), timedelta(days=1)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def forecast(history, span, now):
    """A forecast or a reason: each story knows which."""
    return told_forecast(history, span, now)


def office(days, per_hour=100):
    """Hours of days with use from 8 to 18 from Monday to Friday."""
    return [per_hour if day % 7 < 5 and 8 <= hour < 18 else 0 for day in range(days) for hour in range(24)]


def of_day(amounts, day, hour, seen=None, zone=UTC, now=None):
    """What is told of a day at an hour of it, by all hours before."""
    until = day * 24 + hour
    start, as_of = MONDAY + day * DAY, MONDAY + until * HOUR
    history = History(MONDAY, zone, amounts[:until], seen and seen[:until])
    span = Span(start, start + DAY, sum(amounts[day * 24 : until]), as_of)
    return forecast(history, span, now or as_of)


class TestMethod:
    def test_it_knows_the_hours_of_the_week_after_two_weeks(self):
        said = of_day(office(60), 56, 9)

        assert said.is_profile
        assert said.end.middle == pytest.approx(1_000, rel=0.02)

    def test_it_expects_nothing_of_a_week_end_that_was_always_quiet(self):
        assert of_day(office(62), 61, 12).end.high == 0

    def test_it_goes_on_straight_before_that(self):
        said = of_day([100] * 24 * 6, 5, 12)

        assert not said.is_profile
        assert said.end.middle == pytest.approx(2_400, rel=0.1)

    def test_it_is_wide_while_little_was_tried(self):
        little, much = of_day([100] * 24 * 6, 5, 12).end, of_day([100] * 24 * 60, 56, 12).end

        assert little.high - little.low > 10 * (much.high - much.low + 1)

    def test_a_key_that_began_last_week_has_no_habits_of_the_weeks_before(self):
        said = of_day([0] * 24 * 50 + [100] * 24 * 8, 57, 12)

        assert not said.is_profile
        assert said.end.middle == pytest.approx(2_400, rel=0.1)

    def test_what_was_never_used_stays_nothing(self):
        end = of_day([0] * 24 * 60, 56, 12).end

        assert (end.low, end.middle, end.high) == (0, 0, 0)

    def test_the_first_use_of_all_goes_on(self):
        said = of_day([0] * 24 * 56 + [0] * 8 + [50] * 16, 56, 12)

        assert said.end.middle > 200


class TestHistory:
    def test_hours_that_nobody_saw_are_not_zero(self):
        amounts, seen = [100] * 24 * 60, [1.0] * 24 * 60
        for day in range(0, 56, 3):
            for hour in range(13, 19):
                amounts[day * 24 + hour], seen[day * 24 + hour] = 0, 0.0

        assert of_day(amounts, 56, 12, seen).end.middle == pytest.approx(2_400, rel=0.02)

    def test_a_burst_of_one_day_is_not_the_habit_of_its_hours(self):
        amounts = office(60)
        amounts[49 * 24 + 14] = 50_000

        assert of_day(amounts, 56, 12).end.middle == pytest.approx(1_000, rel=0.1)

    def test_a_rise_that_lasts_is_learnt_within_days(self):
        amounts = [100] * 24 * 50 + [600] * 24 * 20

        assert of_day(amounts, 60, 12).end.middle == pytest.approx(600 * 24, rel=0.2)

    def test_what_a_correction_took_back_is_none_of_the_pace(self):
        amounts = [100] * 24 * 60
        amounts[55 * 24 + 3] = -2_000_000

        assert of_day(amounts, 56, 12).end.middle == pytest.approx(2_400, rel=0.05)

    @pytest.mark.parametrize(("sunday", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
    def test_days_on_which_clocks_change_keep_the_hours_of_the_wall(self, sunday, hours):
        midnight = datetime.fromisoformat(sunday).replace(tzinfo=BERLIN)
        start, end = midnight.astimezone(UTC), (midnight + DAY).astimezone(UTC)
        begin, as_of = start - 56 * DAY, start + 10 * HOUR
        times = [(begin + place * HOUR).astimezone(BERLIN) for place in range(int((as_of - begin) / HOUR))]
        amounts = [1_000 if local.hour == 18 else 0 for local in times]

        said = forecast(History(begin, BERLIN, amounts), Span(start, end, 0, as_of), as_of)

        assert (end - start) / HOUR == hours
        assert said.end.middle == pytest.approx(1_000, rel=0.02)
        evening = midnight.replace(hour=18)
        assert said.at(evening).high <= 20
        assert said.at(evening + HOUR).middle == pytest.approx(1_000, rel=0.02)


class TestReasons:
    @pytest.mark.parametrize(
        ("hour", "words"), [(2, "A forecast is made once 3 hours of the day have passed."), (3, None)]
    )
    def test_three_hours_of_a_day_must_have_passed(self, hour, words):
        said = of_day([100] * 24 * 60, 56, hour)

        assert (None if isinstance(said, Forecast) else said.reason) == words

    @pytest.mark.parametrize(("days", "is_told"), [(2, False), (3, True)])
    def test_three_days_of_a_period_must_have_passed(self, days, is_told):
        as_of = MONDAY + 30 * DAY
        span = Span(as_of - days * DAY, as_of + 20 * DAY, 7_200, as_of)
        said = forecast(History(MONDAY, UTC, [100] * 24 * 30), span, as_of)

        assert isinstance(said, Forecast) == is_told
        assert is_told or said.reason == "A forecast is made once 3 days of the period have passed."

    def test_most_of_it_must_have_been_seen(self):
        seen = [1.0] * 56 * 24 + [1.0] * 7 + [0.0] * 5

        said = of_day([100] * 24 * 57, 56, 12, seen)

        assert said.reason == "Only 58 % of the day so far was seen; a forecast needs 80 %."

    def test_time_since_the_last_poll_was_not_seen(self):
        said = of_day([100] * 24 * 57, 56, 12, now=MONDAY + 56 * DAY + 18 * HOUR)

        assert said.reason == "Only 66 % of the day so far was seen; a forecast needs 80 %."

    @pytest.mark.parametrize("days", [500, 40_000, 365 * 7_000])
    def test_a_period_without_a_sensible_end_has_none(self, days):
        as_of = MONDAY + 30 * DAY
        span = Span(MONDAY, MONDAY + days * DAY, 1, as_of)

        assert "400 days" in forecast(History(MONDAY, UTC, [1] * 720), span, as_of).reason

    def test_what_is_over_has_none(self):
        said = of_day([100] * 24 * 57, 56, 23, now=MONDAY + 58 * DAY)

        assert said.reason == "A forecast is made only of time that goes on."

    def test_without_any_history_nothing_was_seen(self):
        said = forecast(History(MONDAY, UTC, []), Span(MONDAY, MONDAY + DAY, 0, MONDAY), MONDAY + 12 * HOUR)

        assert said.reason.startswith("Only 0 % of the day")


class TestCourse:
    def test_it_begins_with_what_is_used_and_never_falls(self):
        said = of_day(office(60), 56, 9)
        lows, highs = ([getattr(point, name) for point in said.points] for name in ("low", "high"))

        assert (said.points[0].low, said.points[0].high) == (100, 100)
        assert lows == sorted(lows)
        assert highs == sorted(highs)
        assert all(point.low <= point.middle <= point.high for point in said.points)

    def test_a_limit_is_crossed_sooner_by_the_high_than_by_the_low_end(self):
        amounts = [100 + 60 * (day % 5) for day in range(60) for _ in range(24)]
        said = of_day(amounts, 58, 9)
        crossing = said.crossing(said.end.low)

        assert MONDAY + 58 * DAY + 9 * HOUR < crossing.earliest < crossing.likely < crossing.latest
        assert said.at(crossing.likely).middle == pytest.approx(said.end.low, abs=2)

    def test_a_limit_that_may_hold_has_no_latest_instant(self):
        amounts = [100 + 60 * (day % 5) for day in range(60) for _ in range(24)]
        said = of_day(amounts, 58, 9)

        assert said.crossing(said.end.high).latest is None
        assert said.crossing(said.end.high).earliest == said.end.at
        assert said.crossing(said.end.high + 1).earliest is None

    def test_a_limit_that_is_used_up_was_crossed(self):
        said = of_day(office(60), 56, 9)

        assert said.crossing(100).latest == said.points[0].at

    def test_huge_amounts_stay_exact_in_what_is_used(self):
        said = of_day([10**15] * 24 * 60, 56, 12)

        assert said.points[0].middle == 12 * 10**15
        assert said.end.middle == pytest.approx(24 * 10**15, rel=0.01)


def test_a_year_has_a_course_of_few_points():
    as_of = MONDAY + 100 * DAY
    span = Span(MONDAY, MONDAY + 365 * DAY, 240_000, as_of)
    said = forecast(History(MONDAY, UTC, [100] * 24 * 100), span, as_of)

    assert len(said.points) <= 50
    assert said.end.middle == pytest.approx(100 * 24 * 365, rel=0.02)


def test_what_was_told_of_some_hours_is_told_of_no_others():
    """The same hours are reckoned once; one of them, its zone, or how it was seen makes them others."""
    amounts, seen = office(56), [1.0] * 56 * 24
    at_nine = [0] * 9
    told = of_day(amounts + at_nine, 56, 9, seen + [1.0] * 9)
    assert of_day(amounts + at_nine, 56, 9, seen + [1.0] * 9) == told
    assert of_day([*amounts[:-16], 9_000, *amounts[-15:], *at_nine], 56, 9, seen + [1.0] * 9) != told
    assert (
        of_day(amounts + at_nine, 56, 9, [0.0 if place % 24 == 12 else 1.0 for place in range(56 * 24 + 9)])
        != told
    )
    assert of_day(amounts + at_nine, 56, 9, seen + [1.0] * 9, zone=BERLIN) != told
    assert of_day(amounts + at_nine, 56, 9, seen + [1.0] * 9) == told

"""The hours that a forecast is made of, read from what polls told through the real fold."""

from datetime import datetime, timedelta
from random import Random

import pytest

from common.database.together import read
from tests.cast import make_key
from tests.usage.polled import answer, make_meter, plan_next
from usage.books.ingest import store
from usage.models import Meter
from usage.quota.forecast import reading
from usage.quota.forecast.forecast import NoForecast
from usage.quota.forecast.hours import Behind, Window, history_of, meter_hours
from usage.quota.forecast.reading import GoingOn, forecasts_of

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGIN = datetime.fromisoformat("2026-10-01T00:00:00Z")
NOW = BEGIN + 22 * DAY + 10 * HOUR
PERIOD = BEGIN, BEGIN + 31 * DAY


def forecast_of(team, period, used, *asked):
    """A forecast or a reason of its tokens: each story knows which."""
    return reading.forecast_of(team, "tokens", GoingOn(period[0], period[1], used), *asked)


def office(hours, seed=0):
    """What was used in each hour: more from 8 to 18."""
    random = Random(seed)
    return [random.randint(900, 1_100) if 8 <= hour % 24 < 18 else 100 for hour in range(hours)]


def polled(meter, amounts, begin=BEGIN, unseen=()):
    """Polls on every full hour, but for the hours at whose ends nobody asked."""
    told, answers = 0, []
    for hour, amount in enumerate([0, *amounts]):
        told += amount
        if hour not in unseen:
            counters = {"rax-4.0": (told // 3, hour), "rax-4.5": (told - told // 3, hour)}
            answers.append(answer(meter, begin + hour * HOUR - timedelta(seconds=0.5), counters, *PERIOD))
    store(answers[1:])
    plan_next(meter, begin + len(amounts) * HOUR)
    return meter


@pytest.fixture
def meter(cast):
    return make_meter(cast.key, NOW)


def read_history(team, weeks=3, meters=None, worths=None):
    counted = Meter.objects.for_team(team)
    facts = (counted if meters is None else counted.filter(pk__in=meters)).facts(NOW)
    behind = Behind(Window.before(team, NOW, weeks), NOW, facts)
    return read(history_of(team, "tokens", behind, meters, worths))


class TestHistory:
    @pytest.mark.parametrize("by_meter", [False, True])
    def test_it_has_what_was_used_in_each_hour(self, cast, meter, by_meter):
        amounts = office(22 * 24 + 10)
        polled(meter, amounts)

        history = read_history(cast.team, meters=[meter.pk] if by_meter else None)

        assert history.start == NOW - 21 * DAY
        assert history.amounts == pytest.approx(amounts[-len(history) :], abs=2)
        assert min(history.seen) == pytest.approx(1, abs=0.001)

    @pytest.mark.parametrize("by_meter", [False, True])
    def test_each_model_counts_for_what_it_is_worth(self, cast, meter, by_meter):
        amounts = office(22 * 24 + 10)
        polled(meter, amounts)

        meters = [meter.pk] if by_meter else None
        history = read_history(cast.team, meters=meters, worths={"rax-4.0": 0.25, "rax-9": 7.0})

        assert history.amounts == pytest.approx([amount / 12 for amount in amounts[-len(history) :]], abs=1)
        assert min(history.seen) == pytest.approx(1, abs=0.001)

    def test_it_has_the_hours_of_the_teams_clock(self, cast, meter):
        cast.team.time_zone = "Asia/Kolkata"
        polled(meter, office(22 * 24 + 10))

        history = read_history(cast.team)

        assert history.start.astimezone(cast.team.zone).minute == 0
        assert NOW - history.instant(len(history)) == HOUR / 2

    def test_hours_that_nobody_saw_are_not_seen(self, cast, meter):
        first = 20 * 24
        polled(meter, office(22 * 24 + 10), unseen=range(first + 1, first + 9))

        history = read_history(cast.team)

        place = round(history.place(BEGIN + first * HOUR))
        assert history.seen[place : place + 9] == [0] * 9
        assert history.amounts[place : place + 9] == [0] * 9
        assert history.seen[place - 1] == pytest.approx(1, abs=0.001)

    def test_a_key_that_came_later_does_not_make_the_time_before_it_unseen(self, cast, meter):
        polled(meter, office(22 * 24 + 10))
        late = make_meter(make_key(cast.team, cast.alice, "Late"), NOW)
        polled(late, office(2 * 24 + 10), begin=BEGIN + 20 * DAY)

        assert min(read_history(cast.team).seen) == pytest.approx(1, abs=0.001)
        alone = read_history(cast.team, meters=[late.pk])
        assert alone.due.index(True) == round(alone.place(BEGIN + 20 * DAY + HOUR))

    def test_other_teams_and_other_meters_are_left_out(self, cast, meter):
        polled(meter, office(22 * 24 + 10))
        other = polled(make_meter(make_key(cast.team, cast.alice, "Other"), NOW), office(22 * 24 + 10))
        stranger = polled(make_meter(make_key(cast.other_team, cast.charlie), NOW), office(22 * 24 + 10))

        mine, both, whole = (
            sum(read_history(cast.team, meters=ids).amounts)
            for ids in ([meter.pk], [meter.pk, other.pk, stranger.pk], None)
        )

        assert both == pytest.approx(2 * mine) == pytest.approx(whole)


class TestForecast:
    def test_it_tells_a_day_and_a_period_of_a_team(self, cast, meter):
        amounts = office(22 * 24 + 10)
        polled(meter, amounts)
        today = NOW - 10 * HOUR

        day = forecast_of(cast.team, (today, today + DAY), sum(amounts[-10:]), NOW)
        period = forecast_of(cast.team, PERIOD, sum(amounts), NOW)

        assert day.is_profile
        assert day.end.middle == pytest.approx(11_400, rel=0.03)
        assert period.end.middle == pytest.approx(31 * 11_400, rel=0.03)
        assert period.points[0].middle == sum(amounts)

    @pytest.mark.parametrize("by_meter", [False, True])
    def test_two_queries_are_enough(self, cast, meter, by_meter, django_assert_num_queries):
        polled(meter, office(22 * 24 + 10))

        with django_assert_num_queries(2):
            forecast_of(cast.team, PERIOD, 1, NOW, [meter.pk] if by_meter else None)

    @pytest.mark.parametrize(("hours", "is_told"), [(60, False), (90, True)])
    def test_a_period_that_was_not_watched_from_its_begin_has_one_after_three_days(
        self, cast, meter, hours, is_told
    ):
        polled(meter, office(hours), begin=NOW - hours * HOUR)

        said = forecast_of(cast.team, PERIOD, 10**6, NOW)

        assert hasattr(said, "points") == is_told
        assert is_told or said.reason == "A forecast is made once 3 days of the period have been watched."

    def test_without_an_end_there_is_none(self, cast):
        assert "does not say" in forecast_of(cast.team, (BEGIN, None), 1, NOW).reason

    def test_before_anything_was_told_there_is_none(self, cast, meter):
        assert forecast_of(cast.team, PERIOD, 0, NOW) == NoForecast("No usage was told yet.")

    def test_a_poll_that_has_been_missed_for_long_leaves_none(self, cast, meter):
        polled(meter, office(22 * 24 + 10))
        later = NOW + 10 * HOUR

        said = forecast_of(cast.team, (later - 20 * HOUR, later + 4 * HOUR), 1, later)

        assert said.reason == "Only 50 % of the day so far was seen; a forecast needs 80 %."


class TestMany:
    @pytest.fixture
    def meters(self, cast, meter):
        """Keys that told something at other times, one of them nothing, and one that came late."""
        told = {"Early": (BEGIN, 22 * 24 + 4), "Late": (NOW - 100 * HOUR, 100), "Silent": (NOW, 0)}
        others = [make_meter(make_key(cast.team, cast.alice, name), NOW) for name in told]
        polled(meter, office(22 * 24 + 10), unseen=range(300, 310))
        for seed, (other, (begin, count)) in enumerate(zip(others, told.values(), strict=True)):
            polled(other, office(count, seed), begin=begin)
        return [meter, *others]

    @pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Australia/Lord_Howe"])
    def test_each_key_has_the_forecast_that_it_has_alone(self, cast, meters, zone):
        cast.team.time_zone = zone
        today = NOW - 10 * HOUR
        asked = {each.pk: GoingOn(*PERIOD, 10_000 * each.pk) for each in meters}
        asked |= {meters[0].pk: GoingOn(today, today + DAY, 500), meters[2].pk: GoingOn(BEGIN, None, 1)}

        found = forecasts_of(cast.team, "tokens", asked, NOW)

        assert found == {
            pk: reading.forecast_of(cast.team, "tokens", going_on, NOW, [pk])
            for pk, going_on in asked.items()
        }
        assert {type(each).__name__ for each in found.values()} == {"Forecast", "NoForecast"}

    def test_two_queries_are_enough_for_however_many(self, cast, meters, django_assert_num_queries):
        with django_assert_num_queries(2):
            forecasts_of(cast.team, "tokens", {each.pk: GoingOn(*PERIOD, 1) for each in meters}, NOW)

    def test_nothing_is_asked_where_there_is_no_key(self, cast, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert forecasts_of(cast.team, "tokens", {}, NOW) == {}


def test_a_meter_counts_for_the_part_of_an_hour_that_it_is_there():
    spans = [(BEGIN, BEGIN + 90 * timedelta(minutes=1), 2), (BEGIN - DAY, BEGIN + 0.75 * HOUR, 1)]

    assert meter_hours(spans, BEGIN - 2 * HOUR, 4) == [1, 1, 2.75, 1]

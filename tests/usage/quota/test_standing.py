"""After a poll a meter knows when its first limit is used up, as one would work it out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from teams.keys.attributes import change_attributes
from teams.models import Key, Plan, Terms
from tests.usage.conftest import make_key
from tests.usage.polled import make_meter, poll_regularly
from usage.claims import known
from usage.models import Meter
from usage.quota.day import LimitPeriod
from usage.quota.gauges import gauge
from usage.quota.standing import Standing, runs_out_evenly, standings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PERIOD = LimitPeriod(*NOVEMBER)


def stands(meter: Meter) -> Standing:
    told = Meter.objects.select_related("key", "team").get(pk=meter.pk)
    return standings([told], NOON)[meter.pk]


@pytest.mark.django_db
class TestADay:
    @pytest.fixture
    def meter(self, team) -> Meter:
        """40,000 tokens until eleven, 20,000 since."""
        meter = make_meter(make_key(team, plan=Plan.FREE), NOON)
        for ago, tokens in (
            (11 * HOUR + 59 * MINUTE, 0),
            (HOUR, 40_000),
            (30 * MINUTE, 50_000),
            (0 * HOUR, 60_000),
        ):
            poll_regularly(meter, NOON - ago - timedelta(seconds=0.5), {"rax": (tokens, 1)}, *NOVEMBER)
        return meter

    def test_it_ends_where_what_is_left_divided_by_the_last_hour_leads(self, meter: Meter) -> None:
        found = stands(meter)
        assert found.share == 0.6
        assert found.runs_out_at
        assert abs(found.runs_out_at - (NOON + 2 * HOUR)) < MINUTE

    def test_one_that_lasts_names_no_end(self, meter: Meter) -> None:
        Key.objects.update(plan=Plan.OWN, tokens_per_day=400_000)
        assert stands(meter) == Standing(0.15, None)

    def test_one_that_is_used_up_ends_now(self, meter: Meter) -> None:
        Key.objects.update(plan=Plan.OWN, tokens_per_day=60_000)
        assert stands(meter) == Standing(1.0, NOON)

    def test_another_limit_moves_it_at_once(self, meter: Meter, monkeypatch) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
        assert meter.key
        change_attributes([meter.key], date(2026, 11, 23), {"terms": Terms(Plan.PRO)})
        change_attributes([meter.key], date(2026, 11, 23), {"terms": Terms(Plan.FREE)})
        meter.refresh_from_db()
        assert meter.limit_share == 0.6
        assert meter.runs_out_at
        assert abs(meter.runs_out_at - (NOON + 2 * HOUR)) < MINUTE
        change_attributes([meter.key], date(2026, 11, 23), {"terms": Terms(Plan.PRO)})
        meter.refresh_from_db()
        assert (meter.limit_share, meter.runs_out_at) == (None, None)

    def test_without_a_limit_it_stands_nowhere(self, meter: Meter) -> None:
        Key.objects.update(plan=Plan.PRO)
        assert stands(meter) == Standing()


@pytest.mark.django_db
def test_what_the_first_answer_told_at_once_is_no_burn(team) -> None:
    meter = make_meter(make_key(team, plan=Plan.FREE), NOON)
    poll_regularly(meter, NOON - 20 * MINUTE, {"rax": (90_000, 1)}, *NOVEMBER)
    poll_regularly(meter, NOON - MINUTE, {"rax": (90_010, 1)}, *NOVEMBER)
    assert stands(meter).runs_out_at is None


class TestAPeriod:
    @pytest.mark.parametrize(
        ("used", "days", "ends"),
        [
            (50, 10, 20),  # half of it in ten days
            (33, 10, None),  # a third of it in a third of the time
            (100, 10, 10),
            (120, 10, 10),
            (90, 2, None),  # too young to say
            (0, 10, None),
        ],
    )
    def test_it_ends_where_a_straight_line_from_its_start_leads(self, used, days, ends) -> None:
        now = NOVEMBER[0] + days * DAY
        found = runs_out_evenly(gauge(known(used), 100, PERIOD, now, None), now)
        assert found == (ends and NOVEMBER[0] + ends * DAY)

    def test_a_limit_of_trillions_is_one_too(self) -> None:
        used, limit, now = 5 * 10**14, 10**15, NOVEMBER[0] + 10 * DAY
        assert runs_out_evenly(gauge(known(used), limit, PERIOD, now, None), now) == NOVEMBER[0] + 20 * DAY

    def test_one_without_an_end_never_ends_too_early(self) -> None:
        open_end = LimitPeriod(NOVEMBER[0], None)
        assert runs_out_evenly(gauge(known(50), 100, open_end, NOON, None), NOON) is None

    @pytest.mark.django_db
    def test_the_first_of_both_limits_counts(self, team) -> None:
        key = make_key(team, plan=Plan.OWN, tokens_per_day=10**9, tokens_per_period=60_000)
        meter = make_meter(key, NOON)
        poll_regularly(meter, NOON - timedelta(seconds=1), {"rax": (50_000, 1)}, *NOVEMBER)
        found = stands(meter)
        assert found.share == pytest.approx(5 / 6)
        assert found.runs_out_at
        # 22.5 days for 50,000: 27 for 60,000.
        assert abs(found.runs_out_at - (NOVEMBER[0] + 27 * DAY)) < MINUTE

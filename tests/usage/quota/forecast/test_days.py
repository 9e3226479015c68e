"""Five hundred days of worlds that know nothing of forecasts, told at 09:00, 12:00 and 16:00."""

import pytest

from tests.usage.quota.forecast.generator import world
from tests.usage.quota.forecast.telling import HOURS_TOLD, WEEKS, Record

SEEDS, DAYS = range(5), 100


@pytest.fixture(scope="module")
def records():
    """{hour: how it fared on all days}."""
    found = {hour: Record() for hour in HOURS_TOLD}
    for seed in SEEDS:
        told = world(seed, WEEKS * 7 + DAYS)
        for day in range(WEEKS * 7, WEEKS * 7 + DAYS):
            for hour in HOURS_TOLD:
                found[hour].tell(told, day, hour)
    return found


@pytest.mark.parametrize("hour", HOURS_TOLD)
class TestFiveHundredDays:
    def test_a_forecast_is_told_of_nearly_all(self, records, hour):
        assert len(records[hour].held) > 480

    def test_the_range_holds_the_truth_on_most_but_not_all(self, records, hour):
        assert 0.75 <= records[hour].coverage <= 0.9

    def test_it_loses_a_fifth_less_than_a_straight_line(self, records, hour):
        record = records[hour]
        assert record.ours <= 0.8 * record.line
        assert record.middle <= 0.8 * record.line_middle

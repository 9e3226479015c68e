from datetime import UTC, date, datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest

from usage.explore.query.address import parse
from usage.explore.query.selection import PERIODS, BillingPeriod, Selection

NOON = datetime(2026, 11, 23, 12, 7, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")
NOVEMBER = BillingPeriod(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
OCTOBER = BillingPeriod(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
SEPTEMBER = BillingPeriod(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
BILLING = [NOVEMBER, OCTOBER, SEPTEMBER]


def read(query: str, zone: ZoneInfo = UTC_ZONE) -> Selection:
    return parse(dict(parse_qsl(query)), zone, NOON, BILLING)


def test_it_shows_seven_days_of_tokens_unless_asked() -> None:
    selection = read("")
    assert (selection.period, selection.metric, selection.problem) == ("7d", "tokens", "")
    assert selection.span.start == datetime(2026, 11, 17, tzinfo=UTC)
    assert selection.span.end == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_day_of_hours_ends_with_the_local_hour_we_are_in() -> None:
    assert read("period=24h").span.end == datetime(2026, 11, 23, 13, tzinfo=UTC)
    in_kolkata = read("period=24h", ZoneInfo("Asia/Kolkata")).span
    assert in_kolkata.end == datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    assert len(in_kolkata.buckets()) == 24


def test_days_begin_at_the_teams_midnight() -> None:
    assert read("period=30d", BERLIN).span.end == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_the_billing_period_is_the_newest_known() -> None:
    span = read("period=billing").span
    assert (span.start, span.end) == (NOVEMBER.start, NOVEMBER.end)


def test_a_billing_period_without_an_end_reaches_to_the_end_of_today() -> None:
    selection = parse({"period": "billing"}, BERLIN, NOON, [BillingPeriod(NOVEMBER.start, None)])
    assert selection.span.end == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_without_a_known_billing_period_it_shows_thirty_days_and_says_so() -> None:
    selection = parse({"period": "billing"}, UTC_ZONE, NOON, [])
    assert selection.period == "30d"
    assert "billing" in selection.problem


def test_custom_days_are_both_included() -> None:
    selection = read("period=custom&start=2026-10-24&end=2026-10-25", BERLIN)
    assert selection.span.start == datetime(2026, 10, 23, 22, tzinfo=UTC)
    assert selection.span.end == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert selection.days == (date(2026, 10, 24), date(2026, 10, 25))


def test_custom_days_are_swapped_rather_than_refused() -> None:
    selection = read("period=custom&start=2026-10-25&end=2026-10-24")
    assert selection.days == (date(2026, 10, 24), date(2026, 10, 25))
    assert "swapped" in selection.problem


def test_custom_days_end_today() -> None:
    assert read("period=custom&start=2026-11-01&end=2026-12-31").days == (
        date(2026, 11, 1),
        date(2026, 11, 23),
    )


@pytest.mark.parametrize(
    "query",
    [
        "period=fortnight",
        "period=custom&start=yesterday",
        "period=custom&start=2026-02-30&end=2026-03-01",
        "period=custom&start=0001-01-01&end=9999-12-31",
        "period=custom&start=2027-01-01&end=2027-01-31",
        "period=7d&until=tomorrow",
        "period=7d&until=0001-01-01",
        "period=24h&until=0001-01-01T00:00:00%2B14:00",
        "period=90d&until=9999-12-31T23:59:59-14:00",
    ],
)
def test_what_cannot_be_read_becomes_a_default_and_a_sentence(query: str) -> None:
    selection = read(query, ZoneInfo("Pacific/Auckland"))
    assert selection.problem.endswith(".")
    assert len(selection.span.buckets()) <= 400


@pytest.mark.parametrize("query", ["metric=euros", "group=mood", "period=", "until=2099-01-01"])
def test_small_mistakes_are_passed_over(query: str) -> None:
    assert read(query) == read("")


@pytest.mark.parametrize("period", ["24h", "7d", "30d", "90d", "billing"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"])
def test_stepping_back_meets_the_span_before_and_forward_comes_home(period: str, zone: str) -> None:
    here = read(f"period={period}&metric=requests", ZoneInfo(zone))
    before = read(here.previous(), ZoneInfo(zone))
    assert before.span.end == here.span.start
    assert before.metric == "requests"
    assert read(before.next(NOON), ZoneInfo(zone)) == here
    assert here.next(NOON) == ""


def test_custom_days_are_stepped_by_their_length() -> None:
    here = read("period=custom&start=2026-11-02&end=2026-11-08")
    assert read(here.previous()).days == (date(2026, 10, 26), date(2026, 11, 1))
    assert read(here.next(NOON)).days == (date(2026, 11, 9), date(2026, 11, 15))


def test_there_is_nothing_before_the_first_billing_period() -> None:
    assert read("period=billing&until=2026-10-01").previous() == ""


def test_a_query_says_the_whole_state() -> None:
    for query in ["period=24h&until=2026-11-20", "period=custom&start=2026-11-01&end=2026-11-02"]:
        assert read(read(query).query()) == read(query)


def test_another_metric_keeps_the_place_and_another_period_leaves_it() -> None:
    here = read("period=24h&until=2026-11-20")
    assert read(here.query(metric="requests")).span == here.span
    assert read(here.query(period="30d")) == read("period=30d")


def test_no_period_draws_more_than_four_hundred_bars() -> None:
    for period in PERIODS:
        assert len(read(f"period={period}&start=2000-01-01").span.buckets()) <= 400

"""Which billing period the page opens on, and whose it is."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, headline, page
from tests.usage.polled import answer, make_meter, poll
from usage.books.ingest import store

pytestmark = pytest.mark.usefixtures("noon")

DAY, HOUR, HALF = timedelta(days=1), timedelta(hours=1), timedelta(milliseconds=500)
ON_THE_10TH = PERIOD[0] + 9 * DAY, PERIOD[1] + 9 * DAY


@pytest.fixture
def apart(cast: Cast) -> None:
    """Two keys of which one counts from the 1st and the other one from the 10th."""
    poll(make_meter(cast.key, NOON), NOON - HALF, {"rax-4.0": (1_000, 10)}, *PERIOD)
    other = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    poll(other, NOON - HALF, {"rax-4.0": (234, 2)}, *ON_THE_10TH)


@pytest.mark.usefixtures("apart")
def test_where_billing_periods_begin_apart_each_key_counts_its_own(alice: Client) -> None:
    html = page(alice, "?period=billing")
    assert (headline(html), headline(html, "requests")) == ("1,234", "12")
    assert "Each key's own billing period" in html
    assert 'id="chart"' not in html
    body = html.partition('id="own-periods"')[2].partition("</tbody>")[0]
    assert re.findall(r"<bdi>([^<]*)</bdi>", body) == ["Second", "Main key"]
    assert re.findall(r">(\d+ \w+ \d+)</time>", body) == [
        "10 Nov 2026",
        "9 Dec 2026",
        "1 Nov 2026",
        "30 Nov 2026",
    ]
    assert re.findall(r'numeric"[^>]*>([^<]*)<', body) == ["Tokens", "Requests", "234", "2", "1,000", "10"]


@pytest.mark.usefixtures("apart")
def test_other_periods_are_one_span_of_time(alice: Client) -> None:
    html = page(alice, "?period=30d")
    assert "own-periods" not in html
    assert 'id="chart"' in html


@pytest.mark.usefixtures("apart")
def test_each_keys_own_period_takes_few_queries(alice: Client, django_assert_max_num_queries) -> None:
    page(alice)
    with django_assert_max_num_queries(12):
        page(alice, "?period=billing")


def test_a_team_that_is_watched_for_an_hour_opens_on_its_billing_period(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    store(answer(meter, NOON - HOUR * n - HALF, {"rax-4.5": (1_500 - n, 15)}, *PERIOD) for n in range(2))
    html = page(alice)
    assert re.search(r'href="\?period=billing[^"]*"[^>]*aria-current="true"', html)
    assert headline(html) == "1,500"
    assert "matches the provider" in html


def test_a_team_that_was_watched_before_opens_on_seven_days(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    store(answer(meter, NOON - HOUR * n - HALF, {"rax-4.5": (1_500 - n, 15)}, *PERIOD) for n in range(9 * 24))
    assert re.search(r'href="\?period=7d[^"]*"[^>]*aria-current="true"', page(alice))


def test_opening_a_young_team_takes_few_queries(
    cast: Cast, alice: Client, django_assert_max_num_queries
) -> None:
    store([answer(make_meter(cast.key, NOON), NOON - HALF, {"rax-4.5": (368, 4)}, *PERIOD)])
    page(alice)
    with django_assert_max_num_queries(13):
        page(alice)

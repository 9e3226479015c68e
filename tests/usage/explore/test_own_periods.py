"""Which billing period the page opens on, and whose it is."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from teams.models import Key
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, USAGE, headline, page
from tests.usage.polled import answer, make_meter, poll
from usage.books.ingest import store
from usage.models import TeamModel

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


def anchors(client: Client, query: str = "") -> dict[str, str]:
    """{whose billing period can be asked for: the question}."""
    listed = client.get(f"{USAGE}anchor/?{query}").content.decode()
    found = re.findall(r'href="/t/acme/usage/\?([^"]*)"[^>]*>(?:<span.*?</span>)?<bdi>(.*?)</bdi>', listed)
    return {unescape(name): unescape(address) for address, name in found}


@pytest.mark.usefixtures("apart")
def test_it_says_why_there_are_no_bars_and_leads_to_days_that_have_some(alice: Client) -> None:
    html = page(alice, "?period=billing&view=cumulative")
    assert (
        "There are no bars over time: on one day some keys' periods have begun and others' have not" in html
    )
    # What would change nothing is not offered.
    for control in ("compare-menu", "groups-menu", "step-menu", "views"):
        assert f'id="{control}"' not in html
    (days,) = re.findall(r'<a href="\?([^"]*)"[^>]*id="own-days"', html)
    assert "by=key&start=2026-11-01&end=2026-11-23" in days
    assert 'id="chart"' in page(alice, f"?{days}")


@pytest.mark.usefixtures("apart")
def test_one_key_is_chosen_whose_billing_period_counts_for_all(alice: Client) -> None:
    html = page(alice, "?period=billing")
    assert 'id="anchor-menu"' in html
    found = anchors(alice, "period=billing&by=key")
    assert list(found) == ["Each key's own", "Main key", "Second"]
    assert found["Each key's own"] == "by=key&period=billing"
    second = page(alice, f"?{found['Second']}")
    assert 'class="anchor-name">Second<' in second
    assert 'id="chart"' in second
    assert "10 Nov – 9 Dec" in second
    # From its row in the table too.
    (linked,) = re.findall(r'<a href="\?([^"]*)"[^>]*><bdi>Second</bdi>', html)
    assert "10 Nov – 9 Dec" in page(alice, f"?{linked}")
    assert anchors(alice, found["Second"])["Each key's own"] == found["Each key's own"]


@pytest.mark.usefixtures("apart")
def test_a_sum_that_grows_asks_whose_period_it_begins_with(cast: Cast, alice: Client) -> None:
    assert 'id="anchor-menu"' in page(alice, "?period=30d&view=cumulative")
    assert 'id="anchor-menu"' not in page(alice, "?period=30d")


def test_where_all_begin_together_nothing_is_to_be_chosen(cast: Cast, alice: Client) -> None:
    for key in (cast.key, make_key(cast.team, cast.alice, "Second")):
        poll(make_meter(key, NOON), NOON - HALF, {"rax-4.0": (1_000, 10)}, *PERIOD)
    assert 'id="anchor-menu"' not in page(alice, "?period=billing")
    assert 'id="anchor-menu"' not in page(alice, "?period=30d&view=cumulative")


@pytest.mark.usefixtures("apart")
def test_an_account_that_is_not_known_is_said_and_each_key_counts_its_own(cast: Cast, alice: Client) -> None:
    stranger = make_meter(make_key(cast.other_team, cast.charlie, "Theirs"), NOON)
    poll(stranger, NOON - HALF, {"rax-4.0": (5, 1)}, *PERIOD)
    html = page(alice, f"?period=billing&anchor={stranger.pk}")
    assert "No billing period of the account that was named is known: here is each key's own." in html
    assert "Theirs" not in html
    assert headline(html) == "1,234"
    assert "Theirs" not in "".join(anchors(alice))


@pytest.mark.usefixtures("apart")
def test_an_account_is_named_where_its_periods_count_and_never_by_a_number(alice: Client) -> None:
    assert 'id="anchor-menu"' not in page(alice, "?period=30d&anchor=999")
    html = page(alice, "?period=30d&view=cumulative&anchor=999")
    assert "No billing period of the account that was named begins in this time." in html
    assert 'class="anchor-name">one account<' in html
    second = anchors(alice, "period=30d&view=cumulative")["Second"]
    html = page(alice, f"?{second}")
    assert 'class="anchor-name">Second<' in html
    assert "begins in this time" not in html


@pytest.mark.usefixtures("apart")
def test_each_keys_own_period_takes_few_queries(alice: Client, django_assert_max_num_queries) -> None:
    page(alice)
    with django_assert_max_num_queries(12):
        page(alice, "?period=billing")
    (second,) = [query for name, query in anchors(alice, "period=billing").items() if name == "Second"]
    with django_assert_max_num_queries(12):
        page(alice, f"?{second}&compare=previous")


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
    with django_assert_max_num_queries(12):
        page(alice)


@pytest.fixture
def three(cast: Cast) -> dict[str, Key]:
    """Three keys: the first counts from the 1st, the two others from the 10th, each of two models."""
    keys = {}
    for number, (name, period) in enumerate(
        {"One": PERIOD, "Two": ON_THE_10TH, "Three": ON_THE_10TH}.items()
    ):
        keys[name] = make_key(cast.team, cast.alice, name)
        used = {"rax-4.0": (10**number, 1), "rax-4.5": (5 * 10**number, 2)}
        poll(make_meter(keys[name], NOON), NOON - HALF, used, *period)
    return keys


def test_a_filter_leaves_of_each_keys_own_period_what_it_leaves(alice: Client, three: dict[str, Key]) -> None:
    assert headline(page(alice, "?period=billing")) == "666"
    one_and_two = f"filter.key={three['One'].pk}&filter.key={three['Two'].pk}"
    html = page(alice, f"?period=billing&{one_and_two}")
    assert (headline(html), headline(html, "requests")) == ("66", "6")
    body = html.partition('id="own-periods"')[2].partition("</tbody>")[0]
    assert re.findall(r"<bdi>([^<]*)</bdi>", body) == ["Two", "One"]
    model = TeamModel.objects.get(model="rax-4.5").pk
    assert headline(page(alice, f"?period=billing&{one_and_two}&filter.model={model}")) == "55"
    assert headline(page(alice, f"?period=billing&filter.model=!{model}")) == "111"


def test_keys_whose_periods_begin_together_have_one_whatever_others_do(
    alice: Client, three: dict[str, Key]
) -> None:
    but_one = f"?period=billing&filter.key=!{three['One'].pk}"
    html = page(alice, but_one)
    assert "own-periods" not in html
    assert "10 Nov – 9 Dec" in html
    assert headline(html) == "660"
    assert "1 – 30 Nov" in page(alice, f"?period=billing&filter.key={three['One'].pk}")


def test_an_account_that_was_named_has_its_period_whatever_filters_leave(
    alice: Client, three: dict[str, Key]
) -> None:
    two, one = three["Two"].meter.pk, three["One"].pk
    html = page(alice, f"?period=billing&anchor={two}&filter.key={one}")
    assert '<p class="note note-warn"' not in html
    assert "10 Nov – 9 Dec" in html


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("asked", ["filter.owner=none", "filter.member=1", "by=source", "filter.label=!none"])
def test_what_counters_do_not_know_is_told_of_days(alice: Client, asked: str) -> None:
    html = page(alice, f"?period=billing&{asked}")
    assert "Each key's own billing period is told by keys and models alone: here are 30 days." in html
    assert "own-periods" not in html


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("asked", ["compare=previous", "complete=1", "hide=1"])
def test_what_a_sum_of_periods_cannot_be_is_said(alice: Client, asked: str) -> None:
    html = page(alice, f"?period=billing&{asked}")
    assert "Of each key's own billing period all is told, and compared with nothing." in html
    assert headline(html) == "666"

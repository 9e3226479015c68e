import re
from datetime import timedelta

import plotly.graph_objects as go
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, make_key
from tests.directions import without_directions
from tests.usage.explore.reading import (
    NOON,
    PART,
    PERIOD,
    USAGE,
    cells,
    drawn_totals,
    figure,
    footer,
    headline,
    id_of,
    names,
    number,
    page,
    rows,
    told,
)
from tests.usage.polled import Counters, answer, make_meter, poll
from usage.books.ingest import store
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

HOUR = timedelta(hours=1)
LAST, LATER = NOON - timedelta(minutes=10), NOON - timedelta(minutes=5)
MOST_QUERIES = 12


@pytest.fixture
def meter(cast: Cast) -> Meter:
    """A meter that was polled every hour for two days, until ten minutes ago."""
    meter = make_meter(cast.key, NOON)
    store(answer(meter, LAST - HOUR * (48 - hours), used_after(hours), *PERIOD) for hours in range(49))
    return meter


def used_after(hours: int) -> Counters:
    return {"rax-4.0": (1000 + 100 * hours, 10 + hours), "rax-4.5": (500 + 1000 * hours, 5 + hours)}


def test_it_shows_totals_chart_and_table_of_the_same_numbers(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=24h")
    drawn = figure(html)
    go.Figure(drawn)
    *columns, total = footer(html)
    assert columns == drawn_totals(drawn)
    assert total == sum(columns)
    assert f'id="total-tokens">{total:,}<' in html


def test_the_rows_of_the_table_sum_to_its_foot(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=billing&metric=requests")
    lines = html.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
    totals = [number(found[-1]) for line in lines if (found := cells(line))]
    assert sum(totals) == footer(html)[-1] > 0


def test_the_billing_period_shows_the_providers_counter(meter: Meter, alice: Client) -> None:
    assert footer(page(alice, "?period=billing"))[-1] == 1000 + 4800 + 500 + 48_000


def test_requests_are_another_metric_of_the_same_span(meter: Meter, alice: Client) -> None:
    assert footer(page(alice, "?period=billing&metric=requests"))[-1] == 10 + 48 + 5 + 48


def test_what_was_before_watching_is_one_outlined_block(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=30d")
    (outline,) = [shape for shape in figure(html)["layout"]["shapes"] if shape["name"] == "stretch"]
    # From 1 to 21 November, noon: day 8 to day 28 of the thirty; 1,500 tokens had been used by then.
    assert (outline["x0"], outline["x1"], outline["y1"]) == (6.5, 27.5, 1_500 / 21)
    assert rows(html)["1 – 21 Nov 2026"] == ("before raxdash watched, spread unknown", "1,500")
    assert "Tue 17 Nov 2026" not in rows(html)
    assert told(figure(html), 10)[1:] == ["1 – 21 Nov 2026, before raxdash watched: 1,500, spread unknown"]


def test_what_a_span_cuts_of_the_time_before_is_said_in_words(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=7d")
    since = f"{1_100 * 48:,}"
    assert headline(html) == f"at least {since}"
    more = "up to 1,500 more of 1 – 21 Nov 2026 may fall into this time."
    assert f"{since} since raxdash watches; {more}" in html


def test_before_the_first_period_nothing_was_seen(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=90d")
    assert "Not seen" in [trace.get("name") for trace in figure(html)["data"]]
    assert "nothing was seen" in html


def test_the_legend_hides_a_series_by_an_address_that_other_links_keep(meter: Meter, alice: Client) -> None:
    whole = page(alice, "?period=24h")
    first = names(figure(whole))[0]
    hidden = id_of(first)
    assert f'href="?period=24h&hide={hidden}&table=time"' in whole
    html = page(alice, f"?period=24h&hide={hidden}")
    assert first not in names(figure(html))
    assert f'href="?period=7d&hide={hidden}&table=time"' in html


def test_what_the_legend_hides_is_left_out_of_totals_and_table(meter: Meter, alice: Client) -> None:
    whole = page(alice, "?period=billing")
    html = page(alice, f"?period=billing&hide={id_of('rax-4.0')}")
    assert "Totals and table leave it out." in html
    assert "leave it out" not in whole
    assert footer(html) == [500 + 48_000, 500 + 48_000]
    assert (headline(html), headline(html, "requests")) == ("48,500", "53")
    assert (headline(whole), headline(whole, "requests")) == ("54,300", "111")


def test_it_says_as_of_when_and_how_sure(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=24h")
    assert '>11:50</time> (<time datetime="2026-11-23T11:50:00.500000+00:00"' in html
    assert "9 min ago" in html
    assert "matches the provider" not in html
    assert ">100 % measured</a>" in html


def test_times_are_in_the_teams_zone(cast: Cast, meter: Meter, alice: Client) -> None:
    cast.team.time_zone = "Asia/Kathmandu"
    cast.team.save()
    assert "Mon 23 Nov, 17:00–18:00" in page(alice, "?period=24h")


def test_a_total_beyond_its_models_is_unattributed(cast: Cast, meter: Meter, alice: Client) -> None:
    poll(meter, LATER, used_after(48), *PERIOD, missing=7)
    assert "Unattributed" in page(alice, "?period=24h")


def test_a_total_short_of_its_models_is_said(cast: Cast, meter: Meter, alice: Client) -> None:
    poll(meter, LATER, used_after(49), *PERIOD, missing=-1)
    html = page(alice, "?period=24h")
    assert "the provider's models exceed its total by 1 token<" in html
    assert "matches the provider" not in html


def test_htmx_gets_the_report_alone(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=30d", **PART)
    beside = re.match(r"\s*<hx-partial .*?</hx-partial>\s*", html, re.DOTALL)
    assert beside
    assert html[beside.end() :].startswith('<section id="report"')
    assert "<html" not in html


def test_the_back_button_gets_the_whole_page(meter: Meter, alice: Client) -> None:
    full = {"HX-Request": "true", "HX-Request-Type": "full", "HX-History-Restore-Request": "true"}
    assert "<html" in page(alice, "?period=30d", **full)


def test_caches_know_that_the_answer_depends_on_htmx(meter: Meter, alice: Client) -> None:
    assert "HX-Request-Type" in alice.get(USAGE).headers["Vary"]


def test_a_refresh_moves_nothing_when_nothing_changed(meter: Meter, alice: Client) -> None:
    tag = alice.get(USAGE, headers=PART).headers["HX-PTag"]
    assert alice.get(USAGE, headers=PART | {"HX-PTag": tag}).status_code == 304
    poll(meter, LATER, used_after(49), *PERIOD)
    assert alice.get(USAGE, headers=PART | {"HX-PTag": tag}).status_code == 200


@pytest.mark.parametrize("query", ["?period=never", "?period=custom&start=x&end=y", "?until=%00&metric=%F0"])
def test_a_bad_address_shows_something_and_says_so(meter: Meter, alice: Client, query: str) -> None:
    assert '<p class="note note-warn"' in page(alice, query)


@pytest.mark.parametrize("period", ["24h", "7d", "30d", "90d", "billing", "custom"])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_it_takes_few_queries(
    cast: Cast, meter: Meter, alice: Client, django_assert_max_num_queries, period: str, zone: str
) -> None:
    cast.team.time_zone = zone
    cast.team.save()
    page(alice, "")
    with django_assert_max_num_queries(MOST_QUERIES):
        page(alice, f"?period={period}")


@pytest.mark.parametrize("by", ["by=model", "by=key&by=model", "by=owner&by=project", "by=label"])
def test_a_comparison_takes_no_query_more_but_for_the_keys_that_say_why(
    meter: Meter, alice: Client, django_assert_max_num_queries, by: str
) -> None:
    page(alice, "")
    with CaptureQueriesContext(connection) as alone:
        page(alice, f"?period=7d&{by}")
    asks_keys_already = by != "by=model"
    with django_assert_max_num_queries(len(alone) + (not asks_keys_already)):
        page(alice, f"?period=7d&{by}&compare=previous")


def test_more_keys_take_no_more_queries(
    cast: Cast, meter: Meter, alice: Client, django_assert_max_num_queries
) -> None:
    for count in range(20):
        other = make_meter(make_key(cast.team, cast.alice, f"key {count}"), NOON)
        poll(other, NOON - HOUR, {"rax-4.0": (count, 1)}, *PERIOD)
    page(alice, "")
    with django_assert_max_num_queries(MOST_QUERIES):
        page(alice, "?period=30d")


def test_a_name_that_looks_like_markup_stays_text(cast: Cast, meter: Meter, alice: Client) -> None:
    poll(meter, LATER, used_after(48) | {"</script><b>": (9_000, 90)}, *PERIOD)
    response = alice.get(USAGE)
    assert b"</script><b>" not in response.content
    assert "</script><b>" in names(figure(response.content.decode()))


@pytest.mark.parametrize("name", ["a,b", "a&hide=b", "100 % +1", "x" * 195, "\u202ec", "Other models"])
def test_any_name_can_be_hidden_by_the_address_of_its_legend(meter: Meter, alice: Client, name: str) -> None:
    poll(meter, LATER, used_after(48) | {name: (9_000, 90), "b": (5, 1)}, *PERIOD)
    before = figure(page(alice, "?period=24h"))
    links = re.findall(r'id="legend-\d+" href="([^"]*)"', page(alice, "?period=24h"))
    left = [names(figure(page(alice, link))) for link in links]
    assert len(links) == len(names(before)) == 4
    assert [set(names(before)) - set(shown) for shown in left] == [{one} for one in names(before)]


def test_an_old_address_that_hides_by_a_name_lands_right_or_says_so(meter: Meter, alice: Client) -> None:
    by_id = page(alice, f"?period=24h&hide={id_of('rax-4.0')}")
    by_name = page(alice, "?period=24h&hide=rax-4.0")
    assert headline(by_name) == headline(by_id)
    assert headline(by_name) != headline(page(alice, "?period=24h"))
    assert '<p class="note note-warn"' not in by_name
    assert "Nothing here is called “rax-3”, so that nothing is hidden by it." in page(
        alice, "?period=24h&hide=rax-3"
    )
    # An id may be of another time.
    assert '<p class="note note-warn"' not in page(alice, "?period=24h&hide=999")
    assert '<p class="note note-warn"' not in page(
        alice, "?period=24h&by=key,model&hide=meter-5,none&hide=rest"
    )


def test_the_legend_keeps_what_is_hidden_beside_what_it_hides(meter: Meter, alice: Client) -> None:
    poll(meter, LATER, used_after(48) | {"a,b": (9_000, 90)}, *PERIOD)
    one, other = id_of("a,b"), id_of("rax-4.0")
    html = page(alice, f"?period=24h&hide={one}&hide={other}")
    assert names(figure(html)) == ["rax-4.5"]
    assert f'href="?period=7d&hide={one}&hide={other}&table=time"' in html
    everything = page(alice, f"?period=24h&hide={one}&hide={other}&hide={id_of('rax-4.5')}")
    assert len(names(figure(everything))) == 3
    assert "All series were to be hidden: here they are." in everything


def test_without_a_key_it_leads_to_adding_one(cast: Cast, alice: Client) -> None:
    cast.key.delete()
    assert "/t/acme/keys/add/" in page(alice)
    assert "/t/acme/keys/add/" not in page(cast.client("vera"))


def test_a_new_key_is_waited_for(cast: Cast, alice: Client) -> None:
    html = page(alice)
    assert "Asking for the first numbers" in html
    assert 'hx-trigger="every 2s"' in html


def test_a_span_without_usage_says_so(cast: Cast, alice: Client) -> None:
    idle = make_meter(cast.key, NOON)
    store(answer(idle, LAST - HOUR * hours, used_after(0), *PERIOD) for hours in range(30))
    html = page(alice, "?period=24h")
    assert "Nothing was used in this period" in html


def test_a_span_before_all_watching_is_not_called_empty(meter: Meter, alice: Client) -> None:
    html = page(alice, "?period=custom&start=2026-10-01&end=2026-10-02")
    assert "Nothing is known of this period" in html


def test_a_refused_key_is_named_in_words(cast: Cast, meter: Meter, alice: Client) -> None:
    Meter.objects.update(status=Meter.Status.REFUSED, status_reason="Invalid API key")
    assert "the provider refuses this key (Invalid API key)" in without_directions(page(alice))


def test_a_server_without_usage_is_named_in_words(cast: Cast, alice: Client) -> None:
    make_meter(cast.key, NOON, status=Meter.Status.NO_USAGE)
    html = page(alice)
    assert "no usage endpoint" in html
    assert "every 2s" not in html


def test_outsiders_see_nothing(cast: Cast, meter: Meter) -> None:
    assert cast.client("charlie").get(USAGE).status_code == 404
    assert "rax-4.0" not in cast.client("charlie").get("/t/others/usage/").content.decode()


def test_it_is_only_read(cast: Cast, alice: Client) -> None:
    assert alice.post(USAGE).status_code == 405

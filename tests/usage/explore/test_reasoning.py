"""Why the usage changed, on the page: from key and model, as much as both spans say, in few queries."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from teams.models import Key
from tests.cast import Cast, make_key
from tests.directions import without_directions
from tests.usage.explore.reading import id_of, page
from tests.usage.polled import SECOND, Counters, answer, make_meter
from usage.books.ingest import store

NOW = datetime(2026, 11, 23, 12, 2, tzinfo=UTC)
MONTH = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUS = "\N{MINUS SIGN}"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Noon of a Monday, for whoever asks Django for the time."""
    monkeypatch.setattr("usage.explore.views.timezone.now", lambda: NOW)


def used(name: str, at: datetime) -> dict[str, int]:
    """What a key uses of each model in the hour from an instant on."""
    if name == "Nightly":
        # On Thursday night much more.
        return {"rax-4.5": 9_000 if at.day == 19 and 2 <= at.hour < 4 else 10}
    return {"rax-4.0": 40 if at.day < 16 else 30, "rax-4.5": 0 if at.day < 16 else 5}


def watch(key: Key, name: str) -> None:
    meter = make_meter(key, NOW)
    counters: Counters = {}
    polls, at = [answer(meter, MONTH[0] - SECOND / 2, {"rax-4.0": (0, 0)}, *MONTH)], MONTH[0]
    while at + HOUR <= NOW:
        for model, amount in used(name, at).items():
            tokens, requests = counters.get(model, (0, 0))
            counters = counters | {model: (tokens + amount, requests + 1)}
        at += HOUR
        polls.append(answer(meter, at - SECOND / 2, counters, *MONTH))
    store(polls)


@pytest.fixture
def alice(cast: Cast) -> Client:
    watch(make_key(cast.team, cast.alice, "Nightly"), "Nightly")
    watch(cast.key, "Main")
    return cast.client("alice")


def summed(name: str, model: str, first: int, last: int) -> int:
    """What a key used of a model on some days of November, by the test's own sum."""
    hours = (MONTH[0] + HOUR * n for n in range(24 * (first - 1), 24 * last))
    return sum(used(name, at).get(model, 0) for at in hours)


def moved(name: str, model: str) -> int:
    return summed(name, model, 16, 22) - summed(name, model, 9, 15)


def test_it_says_what_the_difference_is_made_of(cast: Cast, alice: Client) -> None:
    html = without_directions(page(alice, "?period=last-week&compare=previous"))
    sentence = html.partition('id="why"')[2].partition("</p>")[0]
    nightly, old, new = moved("Nightly", "rax-4.5"), moved("Main", "rax-4.0"), moved("Main", "rax-4.5")
    assert f'title="+{nightly:,}"' in sentence
    assert f'title="{MINUS}{-old:,}"' in sentence
    assert f'title="+{new:,}"' in sentence
    text = sentence.partition('data-copy-text="')[2].partition('"')[0]
    assert text.startswith("+17.1 k tokens against the week before: rax-4.5 with key Nightly +18 k")
    assert nightly + old + new == 17_140
    assert "(mostly Thu 02:00–04:00)" not in text
    assert f"rax-4.5 with key Main key +{new} (new)." in text
    assert f"filter.model={id_of('rax-4.5')}&filter.key={cast.key.pk}&period=last-week" in sentence


def test_it_says_when_most_of_it_was(alice: Client) -> None:
    html = page(alice, "?start=2026-11-16&end=2026-11-20&step=3h&compare=week")
    assert "(mostly Thu 00:00–06:00)" in html or "(mostly Thu" in html


def test_it_keeps_to_the_filters_and_to_what_has_passed(cast: Cast, alice: Client) -> None:
    html = page(alice, f"?period=7d&compare=previous&filter.key={cast.key.pk}")
    difference = sum(
        used("Main", at)[model] - used("Main", at - 7 * DAY)[model]
        for at in (datetime(2026, 11, 17, tzinfo=UTC) + HOUR * n for n in range(6 * 24 + 12))
        for model in ("rax-4.0", "rax-4.5")
    )
    assert f"{MINUS}{-difference} tokens against the 7 days before up to 16 Nov, 12:00:" in html
    assert html.count(" on 16 Nov, 12:00") == 1


def reasons(html: str) -> list[str]:
    """By how much each part of the sentence moved."""
    return re.findall('title="([^"]*)"', html.partition('id="why"')[2].partition("</p>")[0])


def test_it_leaves_out_what_the_legend_hides_or_is_silent(cast: Cast, alice: Client) -> None:
    compared = "?period=last-week&compare=previous"
    nightly = page(alice, f"{compared}&by=key&hide={cast.key.pk}")
    assert "+18 k tokens against the week before: " in nightly
    assert reasons(nightly) == [f"+{moved('Nightly', 'rax-4.5'):,}"]
    old = page(alice, f"{compared}&hide={id_of('rax-4.5')}")
    assert reasons(old) == [f"{MINUS}{-moved('Main', 'rax-4.0'):,}"]
    both = page(alice, f"{compared}&by=model,key&hide={id_of('rax-4.5')},{cast.key.pk}")
    assert sorted(reasons(both)) == sorted([*reasons(nightly), *reasons(old)])
    # An owner's keys are not told apart here.
    assert 'id="why"' not in page(alice, f"{compared}&by=owner&hide=none")
    assert "own-line" in page(alice, compared)
    assert "own-line" not in nightly


def test_it_is_silent_where_nobody_saw_the_time_before(alice: Client) -> None:
    assert 'id="why"' not in page(alice, "?period=30d&compare=previous")
    assert 'id="why"' not in page(alice, "?period=last-week")


@pytest.mark.parametrize("view", ["bars", "cumulative"])
@pytest.mark.parametrize("by", ["model", "key", "key,model"])
def test_a_comparison_takes_few_queries(alice: Client, view: str, by: str) -> None:
    query = f"?period=last-week&by={by}&view={view}&compare=previous"
    page(alice, query)
    with CaptureQueriesContext(connection) as queries:
        page(alice, query)
    assert len(queries) <= MOST_QUERIES, [each["sql"][:90] for each in queries]


def test_of_very_many_keys_the_page_does_not_wait_for_it(
    alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("usage.explore.answering.MOST_REASONED_AT_ONCE", 1)
    with CaptureQueriesContext(connection) as queries:
        shown = page(alice, "?period=last-week&compare=previous")
    assert "tokens against" not in shown
    assert len(queries) <= MOST_QUERIES
    (address,) = re.findall('<p class="why" id="why" hx-get="([^"]*)" hx-trigger="load">', shown)
    told = alice.get(address).text
    assert "tokens against" in without_directions(told)
    assert "Looking for what changed" not in told
    # What is asked for from then on tells it, too.
    assert re.search('hx-get="[^"]*why=now[^"]*" hx-trigger="every', told)


def test_nothing_is_looked_for_where_nothing_is_compared(
    alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("usage.explore.answering.MOST_REASONED_AT_ONCE", 1)
    for address in ("?period=last-week", "?period=last-week&view=cumulative"):
        assert "Looking for what changed" not in page(alice, address)

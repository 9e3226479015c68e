"""Two sentences of a page for a chat, which no name can turn round."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD, page
from tests.usage.polled import make_meter, poll

pytestmark = pytest.mark.usefixtures("noon")

DAY, HALF = timedelta(days=1), timedelta(milliseconds=500)


def summary(client: Client, query: str) -> str:
    found = re.search(r'data-copy-text="([^"]*)">Copy summary', page(client, query), re.DOTALL)
    assert found
    return found[1]


def test_it_says_how_much_was_used_and_by_what(cast: Cast, alice: Client) -> None:
    poll(make_meter(cast.key, NOON), NOON - HALF, {"rax-4.0": (900, 9), "rax-mini": (100, 1)}, *PERIOD)
    assert summary(alice, "?period=month") == (
        "Acme used 1,000 tokens in 1 – 30 Nov 2026 (as of 23 Nov, 12:00 UTC). "
        "By model that was rax-4.0 with 900 (90 %) and rax-mini with 100 (10 %)."
    )


def test_its_title_on_paper_says_of_whom_and_when(cast: Cast, alice: Client) -> None:
    cast.team.time_zone = "Asia/Kolkata"
    cast.team.save()
    poll(make_meter(cast.key, NOON), NOON - HALF, {"rax-4.0": (900, 9)}, *PERIOD)
    title = "Acme: Tokens by model, 1 – 30 Nov 2026, as of 23 Nov 2026, 17:30 (Asia/Kolkata)"
    assert f'<p class="on-paper" dir="auto">{title}</p>' in page(alice, "?period=month")


def test_it_compares_where_the_page_does(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    for day, tokens in ((2, 0), (1, 1_000), (0, 3_000)):
        at = NOON.replace(hour=0) - day * DAY - HALF
        poll(meter, at, {"rax-4.0": (tokens, 10)}, *PERIOD)
    told = summary(alice, "?start=2026-11-22&end=2026-11-22&compare=previous")
    assert "Acme used 2,000 tokens in Sun 22 Nov 2026, +100 % against 1,000 in Sat 21 Nov" in told


def test_what_nobody_saw_is_not_known(cast: Cast, alice: Client) -> None:
    poll(make_meter(cast.key, NOON), NOON - HALF, {"rax-4.0": (900, 9)}, *PERIOD)
    told = summary(alice, "?start=2020-01-01&end=2020-01-02")
    assert told == "What Acme used in 1 – 2 Jan 2020 is not known: nobody saw it."


def test_of_many_the_largest_are_named(cast: Cast, alice: Client) -> None:
    models = {f"model-{number}": (1_000 * (9 - number), 1) for number in range(5)}
    poll(make_meter(cast.key, NOON), NOON - HALF, models, *PERIOD)
    told = summary(alice, "?period=month")
    assert "model-0 with 9,000" in told
    assert told.endswith("model-2 with 7,000 (20 %), and 2 more.")
    assert told.count(". ") == 1


def test_names_stay_in_one_line_and_in_their_place(cast: Cast, alice: Client) -> None:
    cast.team.name = "Acme\n\u202eevil"
    cast.team.save()
    poll(
        make_meter(make_key(cast.team, cast.alice, "a\nb" + 90 * "c"), NOON),
        NOON - HALF,
        {"x": (9, 9)},
        *PERIOD,
    )
    told = summary(alice, "?period=month&by=key")
    assert told.startswith("Acme evil used")
    assert "\n" not in told
    assert "\u202e" not in told
    assert f"a b{57 * 'c'}… with 9" in told


def test_each_keys_own_period_is_said_so(cast: Cast, alice: Client) -> None:
    poll(make_meter(cast.key, NOON), NOON - HALF, {"rax-4.0": (1_000, 10)}, *PERIOD)
    other = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    poll(other, NOON - HALF, {"rax-4.0": (234, 2)}, PERIOD[0] + 9 * DAY, PERIOD[1] + 9 * DAY)
    assert summary(alice, "?period=billing").startswith(
        "Acme used 1,234 tokens in each key's own billing period"
    )

"""What a page claims is about the span, the meters and the series that it shows, and nothing else."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.cast import Cast, make_key
from tests.directions import without_directions
from tests.usage.explore.reading import NOON, PERIOD, headline, id_of, page
from tests.usage.polled import Counters, answer, make_meter, run
from usage.books.ingest import store
from usage.models import Meter

pytestmark = pytest.mark.usefixtures("noon")

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
OCTOBER = PERIOD[0] - 31 * DAY, PERIOD[0]
USED: Counters = {"rax-4.0": (3_000, 30), "rax-4.5": (1_000, 10)}


def times(counters: Counters, factor: int) -> Counters:
    return {name: (tokens * factor, requests * factor) for name, (tokens, requests) in counters.items()}


def polled(meter: Meter, period: tuple[datetime, datetime], until: datetime) -> None:
    """An answer each six hours of a period, the last one at `until`, when all was used that was told."""
    asked = [until - n * timedelta(hours=6) for n in range((until - period[0]) // timedelta(hours=6))]
    store(answer(meter, at - SECOND / 2, times(USED, 10 - min(n, 9)), *period) for n, at in enumerate(asked))


def claim(html: str) -> str:
    found = re.search(r'id="agreement">([^<]*)<', html)
    return found[1] if found else ""


def is_ticked(html: str) -> bool:
    return "proof-good" in html


def proofs(html: str) -> list[str]:
    shown = without_directions(html.partition('id="proofs"')[2].partition("</ul>")[0])
    return re.findall("<li>([^<]*)</li>", shown)


def test_a_billing_period_that_was_seen_whole_matches_the_provider(cast: Cast, alice: Client) -> None:
    polled(make_meter(cast.key, NOON), PERIOD, NOON)
    html = page(alice, "?period=billing")
    assert (headline(html), claim(html)) == ("40,000", "matches the provider")
    assert is_ticked(html)
    assert proofs(html) == ["1 – 30 Nov 2026: 40,000 tokens, shown 40,000; matches the provider"]


def test_requests_are_compared_with_requests(cast: Cast, alice: Client) -> None:
    polled(make_meter(cast.key, NOON), PERIOD, NOON)
    html = page(alice, "?period=billing&metric=requests")
    assert proofs(html) == ["1 – 30 Nov 2026: 400 requests, shown 400; matches the provider"]


def test_a_sum_with_what_raxdash_ran_itself_is_not_the_providers(cast: Cast, alice: Client) -> None:
    polled(make_meter(cast.key, NOON), PERIOD, NOON)
    untold = make_key(cast.team, cast.alice, "Local server")
    make_meter(untold, NOON, status=Meter.Status.NO_USAGE)
    run(untold, NOON - DAY, 900)
    for by in ("model", "key", "account", "model,key"):
        html = page(alice, f"?period=billing&by={by}")
        assert (headline(html), claim(html)) == (
            "40,900",
            "but for what raxdash ran, it matches the provider",
        )
        assert not is_ticked(html)


ROSE = "nothing is missing: the provider’s counters rose by as much"


def test_a_part_of_a_period_is_what_its_counter_rose_by(cast: Cast, alice: Client) -> None:
    """Six hours lie between two answers: 4,000 at the first, and as many in each of the last nine times."""
    polled(make_meter(cast.key, NOON), PERIOD, NOON)
    html = page(alice, "?period=7d")
    assert (headline(html), claim(html)) == ("36,000", ROSE.replace("as much", "about as much"))
    assert not is_ticked(html)
    assert proofs(html) == ["1 – 30 Nov 2026: 40,000 tokens; 36,000 of them in the time shown"]


def test_only_what_was_measured_at_both_ends_is_just_what_the_counter_rose_by(
    cast: Cast, alice: Client
) -> None:
    meter, minutes = make_meter(cast.key, NOON), timedelta(minutes=5)
    # Until an hour ago: 3,400 until eleven, then 10 a poll.
    store(answer(meter, NOON - n * minutes, times({"rax-4.0": (10, 1)}, 400 - n), *PERIOD) for n in range(60))
    html = page(alice, "?start=2026-11-23T09:00Z&end=2026-11-23T11:00Z")
    assert (headline(html), claim(html)) == ("240", ROSE)
    assert proofs(html) == ["1 – 30 Nov 2026: 4,000 tokens; 240 of them in the time shown"]


def test_a_part_in_which_something_was_not_seen_says_so(cast: Cast, alice: Client) -> None:
    """A tail counts where it is shown."""
    meter = make_meter(cast.key, NOON)
    seen_until, hour = OCTOBER[1] - 10 * SECOND, timedelta(hours=1)
    store(answer(meter, seen_until - n * hour, times(USED, 300 - n), *OCTOBER) for n in range(300))
    polled(meter, PERIOD, NOON)
    assert claim(page(alice, "?start=2026-10-20&end=2026-11-02")).startswith(
        "1 – 31 Oct 2026: at least; its last 10 s"
    )
    assert "nothing is missing" in claim(page(alice, "?start=2026-10-20&end=2026-10-30"))


def test_a_period_that_is_shown_whole_but_not_by_itself_is_called_no_part(cast: Cast, alice: Client) -> None:
    """One begins within a quarter of an hour; others lie across each other."""
    begun = PERIOD[0] + timedelta(minutes=7), PERIOD[1]
    polled(make_meter(cast.key, NOON), begun, NOON)
    words = "not shown by itself; its proof adds it up"
    assert claim(page(alice, "?period=billing")) == f"1 Nov, 00:07 – 1 Dec 2026, 00:00: {words}"
    other = make_meter(make_key(cast.team, cast.alice, "Second"), NOON)
    polled(other, (PERIOD[0] + 9 * DAY, PERIOD[1] + 9 * DAY), NOON)
    html = page(alice, "?period=90d")
    assert [line.partition("; ")[2] for line in proofs(html)] == [words, words]
    assert claim(page(alice, "?period=7d")).startswith("nothing is missing: ")


def test_a_period_is_named_where_more_than_it_is_shown(cast: Cast, alice: Client) -> None:
    polled(make_meter(cast.key, NOON), PERIOD, NOON)
    html = page(alice, "?period=90d")
    assert claim(html) == "1 – 30 Nov 2026 matches the provider"
    assert not is_ticked(html)


def test_a_hole_between_periods_that_match_is_no_part_of_the_match(cast: Cast, alice: Client) -> None:
    meter, september = make_meter(cast.key, NOON), (OCTOBER[0] - 30 * DAY, OCTOBER[0])
    polled(meter, september, september[1])
    polled(meter, PERIOD, NOON)
    html = page(alice, "?period=custom&start=2026-09-01&end=2026-11-23")
    assert headline(html) == "at least 80,000"
    assert claim(html) == "1 – 30 Sep 2026, 1 – 30 Nov 2026 match the provider"


def test_seconds_that_nobody_saw_make_a_lower_bound(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    polled(meter, OCTOBER, OCTOBER[1] - 10 * SECOND)
    polled(meter, PERIOD, NOON)
    html = page(alice, "?period=billing&until=2026-11-01")
    assert headline(html) == "at least 40,000"
    assert claim(html) == "1 – 31 Oct 2026: at least; its last 10 s were not seen"
    assert proofs(html) == [
        "1 – 31 Oct 2026: 40,000 tokens, shown 40,000; at least; its last 10 s were not seen"
    ]


def test_what_the_address_hides_is_not_compared(cast: Cast, alice: Client) -> None:
    polled(make_meter(cast.key, NOON), PERIOD, NOON)
    html = page(alice, f"?period=billing&hide={id_of('rax-4.0')}")
    assert proofs(html) == ["1 – 30 Nov 2026: 10,000 tokens, shown 10,000; matches the provider"]


def test_several_keys_of_one_period_are_compared_together(cast: Cast, alice: Client) -> None:
    for key in (
        cast.key,
        make_key(cast.team, cast.alice, "Second"),
        make_key(cast.team, cast.alice, "Third"),
    ):
        polled(make_meter(key, NOON), PERIOD, NOON)
    assert proofs(page(alice, "?period=billing")) == [
        "1 – 30 Nov 2026 (3 keys): 120,000 tokens, shown 120,000; matches the provider"
    ]


def test_a_window_that_rolls_is_a_lower_bound_that_matches_nothing(cast: Cast, alice: Client) -> None:
    """Also where the sum of the newest window is what the provider tells of it."""
    meter, day = make_meter(cast.key, NOON), timedelta(hours=24)
    for at, tokens in ((NOON - 2 * timedelta(hours=1), 746), (NOON, 1_760)):
        store([answer(meter, at - SECOND, {"rax-4.5": (tokens, 1)}, at - day, at)])
    html = page(alice, "?period=billing")
    assert headline(html) == "at least 1,760"
    assert claim(html).endswith("the provider moved its boundary: at least so much was used")


def test_a_missed_poll_leaves_what_was_said_last(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    polled(meter, PERIOD, NOON - DAY)
    Meter.objects.filter(pk=meter.pk).update(missed_polls=2)
    html = page(alice, "?period=billing")
    assert (headline(html), claim(html)) == ("at least 40,000", "matches what the provider last said")
    assert not is_ticked(html)


def test_a_new_key_claims_nothing_of_what_a_straight_line_made_up(cast: Cast, alice: Client) -> None:
    """The first page of a key that was added on the 23rd."""
    store([answer(make_meter(cast.key, NOON), NOON - SECOND / 2, {"rax-4.5": (368, 4)}, *PERIOD)])
    html = page(alice, "?period=7d")
    assert "matches the provider" not in html
    assert "% measured" not in html
    assert headline(html) != "368"


def test_while_a_fall_is_waited_for_it_matches_what_was_said_before(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    polled(meter, PERIOD, NOON - timedelta(minutes=10))
    store([answer(meter, NOON - SECOND, times(USED, 6), *PERIOD)])
    html = page(alice, "?period=billing")
    assert (headline(html), claim(html)) == (
        "40,000",
        "matches what the provider said before its counter fell",
    )
    assert proofs(html) == [
        "1 – 30 Nov 2026: 40,000 tokens, shown 40,000; matches what the provider said before its counter fell"
    ]
    assert "The counter fell by 16,000 tokens; waiting whether it stays." in html
    assert not is_ticked(html)


def test_a_lower_bound_does_not_match_the_provider(cast: Cast, alice: Client) -> None:
    meter = make_meter(cast.key, NOON)
    moved = PERIOD[0] + 2 * timedelta(hours=1), PERIOD[1]
    polled(meter, PERIOD, NOON - 2 * DAY)
    store([answer(meter, NOON - SECOND, times(USED, 11), *moved)])
    html = page(alice, "?period=billing")
    assert headline(html).startswith("at least")
    assert claim(html) != "matches the provider"

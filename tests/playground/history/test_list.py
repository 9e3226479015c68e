"""The history shows conversations with their turns, everybody's or one's own, a page at a time."""

from datetime import timedelta

import pytest

from playground.history.listing import PER_PAGE, TURNS_SHOWN
from tests.cast import Cast
from tests.directions import without_directions
from tests.playground.conftest import NOON, MakeRun

RUNS = "/t/acme/playground/runs/"


def test_it_shows_everybody_s_runs_or_mine(cast: Cast, make_run: MakeRun) -> None:
    make_run(message="Bob asks", prompt_tokens=1000, completion_tokens=234)
    make_run(author=cast.alice, message="Alice asks")
    make_run(message="Erased", erased_at="2026-03-02T12:00Z")
    everybody, mine = cast.client("bob").get(RUNS).text, cast.client("bob").get(f"{RUNS}?by=me").text
    assert "Bob asks" in everybody
    assert "Alice asks" in everybody
    assert "≈ 1,234 tokens" in everybody
    assert "Erased" not in everybody
    assert "Bob asks" in mine
    assert "Alice asks" not in mine


def test_turns_of_a_conversation_stand_together(cast: Cast, make_run: MakeRun) -> None:
    first = make_run(message="First of two", created_at=NOON)
    make_run(message="Between", created_at=NOON + timedelta(minutes=1))
    second = {"conversation": first.conversation, "turn": 2, "created_at": NOON + timedelta(minutes=2)}
    make_run(message="Second of two", **second)
    text = cast.client("bob").get(RUNS).text
    assert text.index("First of two") < text.index("Second of two") < text.index("Between")
    assert without_directions(text).count(">Half-lives</a>") == 1


def test_of_a_long_conversation_the_last_turns_are_listed(cast: Cast, make_run: MakeRun) -> None:
    first = make_run(message="Turn 1", created_at=NOON)
    for turn in range(2, TURNS_SHOWN + 3):
        at = NOON + timedelta(minutes=turn)
        make_run(message=f"Turn {turn}", conversation=first.conversation, turn=turn, created_at=at)
    text = cast.client("bob").get(RUNS).text
    assert "2 earlier turns" in text
    assert "Turn 2<" not in text
    assert "Turn 3<" in text


def test_it_costs_the_same_for_many_runs(
    cast: Cast, make_run: MakeRun, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        make_run()
    client = cast.client("bob")
    with django_assert_max_num_queries(14):
        page = client.get(RUNS).text
    assert "Page 1 of 2" in page


def test_other_pages_are_of_the_same_runs(cast: Cast, make_run: MakeRun) -> None:
    for _ in range(PER_PAGE + 1):
        make_run()
    bob = cast.client("bob")
    assert '<a class="btn" rel="next" href="?by=me&amp;page=2">Older</a>' in bob.get(f"{RUNS}?by=me").text
    last = bob.get(f"{RUNS}?by=me&page=2")
    assert '<a class="btn" rel="prev" href="?by=me">Newer</a>' in last.text
    assert len(last.context["page"]) == 1


@pytest.mark.parametrize(
    "query", ["?by=you", "?page=x", "?page=-1", "?page=99", "?by=%00", "?state=odd", "?start=x"]
)
def test_what_is_not_on_offer_is_no_filter(cast: Cast, make_run: MakeRun, query: str) -> None:
    run = make_run()
    assert list(cast.client("alice").get(RUNS + query).context["page"]) == [run]


def test_whose_runs_are_shown_is_said(cast: Cast, make_run: MakeRun) -> None:
    make_run()
    text = cast.client("bob").get(f"{RUNS}?by=me").text
    assert '<a href="?by=me" aria-current="true">Mine</a>' in text


def test_whoever_ran_nothing_is_told_so(cast: Cast, make_run: MakeRun) -> None:
    alice = cast.client("alice")
    assert "No runs yet" in alice.get(RUNS).text
    make_run()
    mine = alice.get(f"{RUNS}?by=me").text
    assert "No runs of yours yet" in mine
    assert '<a href="?">Everybody&#x27;s</a>' in mine

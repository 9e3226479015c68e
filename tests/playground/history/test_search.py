"""Words and filters in the address of the history find runs of the team, and of no other."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from playground.history.rating import rate
from playground.models import Conversation, Run, RunState, SearchText
from playground.search import index
from tests.cast import Cast, make_key
from tests.directions import without_directions
from tests.playground.conftest import NOON, MakeRun

RUNS = "/t/acme/playground/runs/"


@pytest.fixture
def indexed(make_run: MakeRun) -> MakeRun:
    """Save a run that is in the index."""

    def make(*args: object, **fields: object) -> Run:
        run = make_run(*args, **fields)
        index.put(Run.objects.filter(pk=run.pk))
        return run

    return make


def found(cast: Cast, person: str = "bob", **query: str) -> set[str]:
    """Return the messages of what an address finds."""
    text = without_directions(cast.client(person).get(f"{RUNS}?{urlencode(query)}").text)
    return set(re.findall(r'class="run-words"[^>]*>([^<]*)</a>', text))


def test_words_are_found_in_all_that_is_said(cast: Cast, indexed: MakeRun) -> None:
    for name in ("answer", "reasoning", "system_prompt", "refusal"):
        indexed(message=f"In its {name}", **{name: "Strange quarks."})
    indexed(message="Quarks are strange")
    indexed(message="Something else")
    everything = {"In its answer", "In its reasoning", "In its system_prompt", "In its refusal"}
    assert found(cast, q="strange quarks") == everything | {"Quarks are strange"}
    assert found(cast, q='"strange quarks"') == everything
    assert found(cast, q="-strange") == {"Something else"}


def test_other_teams_find_nothing_of_it(cast: Cast, indexed: MakeRun) -> None:
    conversation = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    indexed(message="Theirs", team=cast.other_team, conversation=conversation, key=None, author=cast.charlie)
    indexed(message="Ours")
    for q in ("theirs", "-nothing", "their"):
        assert "Theirs" not in found(cast, q=q)


def test_what_was_found_is_shown_of_the_team_alone(
    cast: Cast, indexed: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    theirs = indexed(message="Theirs", team=cast.other_team, conversation=conversation)
    # A row that stands under the wrong team, whyever: its run is shown to nobody else.
    SearchText.objects.update(team=cast.team)
    assert found(cast, q="theirs") == set()
    assert theirs.team == cast.other_team


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ({"model": "rax-9"}, {"Odd"}),
        ({"state": "failed"}, {"Odd"}),
        ({"source": "suite"}, {"Odd"}),
        ({"parameters": "temperature=0.5"}, {"Odd"}),
        ({"parameters": "temperature"}, {"Odd"}),
        ({"start": "2026-03-04"}, {"Odd"}),
        ({"end": "2026-03-03"}, {"Usual"}),
        ({"start": "2026-03-02", "end": "2026-03-02"}, {"Usual"}),
        ({"rating": "up"}, {"Odd"}),
        ({"rating": "none"}, {"Usual"}),
        ({"model": "rax-9", "state": "completed"}, set()),
        ({"q": "odd", "model": "rax-4.0"}, set()),
        ({"start": "0001-01-01", "end": "9999-12-31"}, {"Odd", "Usual"}),
    ],
)
def test_filters_leave_what_they_name(
    cast: Cast, indexed: MakeRun, query: dict[str, str], messages: set[str]
) -> None:
    indexed(message="Usual", created_at=NOON)
    odd = {"model": "rax-9", "state": RunState.FAILED, "source": "suite", "parameters": {"temperature": 0.5}}
    run = indexed(message="Odd", created_at=NOON + timedelta(days=2), **odd)
    rate(run, cast.bob, "up", "")
    assert found(cast, **query) == messages


def test_members_and_keys_are_filters(cast: Cast, indexed: MakeRun) -> None:
    second = make_key(cast.team, cast.alice, "Second")
    indexed(message="Bob's")
    indexed(message="Alice's", author=cast.alice, key=second)
    assert found(cast, member=str(cast.alice.pk)) == {"Alice&#x27;s"}
    assert found(cast, key=str(second.pk)) == {"Alice&#x27;s"}
    assert found(cast, key=str(cast.key.pk), by="me") == {"Bob&#x27;s"}
    assert found(cast, member=str(cast.alice.pk), by="me") == set()


def test_what_is_found_is_marked(cast: Cast, indexed: MakeRun) -> None:
    indexed(message="Say it", answer="<b>" + "Long ago. " * 40 + "A Quark, and quarks & more")
    text = without_directions(cast.client("bob").get(f"{RUNS}?q=quark").text)
    assert "A <mark>Quark</mark>, and <mark>quarks</mark> &amp; more" in text
    assert "<b>Long" not in text


def test_parts_of_words_are_found_in_the_newest(
    cast: Cast, indexed: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.search.finding.NEWEST", 1)
    indexed(message="getUserName of old", created_at=NOON)
    assert found(cast, q="username") == {"getUserName of old"}
    indexed(message="我们的数据库", created_at=NOON + timedelta(minutes=1))
    assert found(cast, q="username") == set()
    assert found(cast, q="getusername") == {"getUserName of old"}
    assert found(cast, q="数据") == {"我们的数据库"}


def test_what_is_still_written_is_found_as_it_is(cast: Cast, make_run: MakeRun) -> None:
    make_run(message="Living", state=RunState.RUNNING, answer="half of it")
    assert found(cast, q="half") == {"Living"}
    assert found(cast, state="running") == {"Living"}
    assert found(cast, q="other") == set()


def test_of_very_many_the_newest_can_be_paged_through(
    cast: Cast, indexed: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.history.listing.MOST_FOUND", 2)
    for minute in range(3):
        indexed(message=f"Common {minute}", created_at=NOON + timedelta(minutes=minute))
    text = cast.client("bob").get(f"{RUNS}?q=common").text
    assert "These are the newest 2." in text
    assert found(cast, q="common") == {"Common 1", "Common 2"}


def test_how_far_phrases_were_looked_up_is_said(
    cast: Cast, indexed: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.search.finding.MOST_CANDIDATES", 1)
    monkeypatch.setattr("playground.search.finding.NEWEST", 0)
    indexed(message="big cat", created_at=NOON)
    indexed(message="cat big", created_at=NOON + timedelta(minutes=1))
    text = cast.client("bob").get(RUNS, {"q": '"big cat"'}).text
    assert "Phrases were looked up in the newest" in text
    assert "No run is like this" in text


def test_runs_of_one_millisecond_are_all_kept(indexed: MakeRun) -> None:
    prefix = "00000000-0000-4000-8000-00000000000"
    for number in range(3):
        indexed(pk=f"{prefix}{number}", message=f"Same {number}", created_at=NOON)
    assert SearchText.objects.count() == 3


def test_a_question_without_words_says_so(cast: Cast, indexed: MakeRun) -> None:
    indexed(message="🙂")
    text = cast.client("bob").get(RUNS, {"q": "🙂"}).text
    assert "There are no letters or digits to look for in this." in text


def test_it_costs_the_same_for_many_runs_found(
    cast: Cast, indexed: MakeRun, django_assert_max_num_queries
) -> None:
    for _ in range(30):
        indexed(message="Common")
    client = cast.client("bob")
    with django_assert_max_num_queries(14):
        assert "Page 1 of 2" in client.get(f"{RUNS}?q=common").text

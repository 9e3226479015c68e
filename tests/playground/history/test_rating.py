"""Members rate runs and write notes on them; everybody in the team reads them."""

import re

import pytest
from pytest_django import DjangoAssertNumQueries

from playground.models import Rating, Run
from playground.models.ratings import NOTE_CHARS
from tests.cast import Cast
from tests.directions import without_directions
from tests.playground.conftest import MakeRun
from tests.playground.visitor import HTMX


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return make_run(answer="An answer")


def rate(cast: Cast, person: str, run: Run, **fields: str) -> str:
    """Rate a run, and return its page."""
    page = f"/t/acme/playground/runs/{run.pk}/"
    client = cast.client(person)
    client.post(f"{page}rate/", fields)
    return without_directions(client.get(page).text)


def test_it_is_kept_with_who_wrote_it(cast: Cast, run: Run) -> None:
    page = rate(cast, "alice", run, verdict="down", note="Too long.\r\nShorten it.")
    rating = Rating.objects.get(run=run)
    assert (rating.verdict, rating.note, rating.author) == ("down", "Too long.\nShorten it.", cast.alice)
    assert "Note by Alice" in page
    assert '<option value="down" selected>Bad</option>' in without_directions(
        cast.client("vera").get("/t/acme/playground/runs/?rating=down").text
    )


def test_the_next_word_takes_its_place(cast: Cast, run: Run) -> None:
    rate(cast, "alice", run, verdict="down")
    rate(cast, "bob", run, verdict="up", note="Good.")
    rating = Rating.objects.get()
    assert (rating.verdict, rating.note, rating.author) == ("up", "Good.", cast.bob)
    rate(cast, "bob", run, verdict="", note=" ")
    assert not Rating.objects.exists()


def test_a_turn_among_others_is_rated_where_it_stands(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="An answer")
    client, page = cast.client("bob"), f"/t/acme/playground/?conversation={run.conversation_id}"
    before = client.get(page).text
    assert f'popovertarget="rating-{run.pk}"' in before
    # By their ids fields are given back after a sign-in (keeping.js).
    assert all(f'id="{name}-{run.pk}"' in before for name in ("up", "down", "none", "note"))
    answer = client.post(
        f"/t/acme/playground/runs/{run.pk}/rate/", {"verdict": "down", "note": "Dull"}, headers=HTMX
    )
    assert f'hx-target="#rate-{run.pk}"' in answer.text
    for text in (answer.text, client.get(page).text):
        assert '<span class="tag rating-down">Bad</span></button>' in text
        assert "Note by Bob" in without_directions(text)
    assert client.get("/t/acme/playground/runs/?rating=down").text.count("run-row") == 1


def test_what_somebody_else_said_meanwhile_is_not_overwritten_unseen(cast: Cast, run: Run) -> None:
    address = f"/t/acme/playground/runs/{run.pk}/"
    alice, shown = cast.client("alice"), re.compile(r'name="seen" id="[^"]+" value="([^"]*)"')
    (seen,) = shown.findall(alice.get(address).text)
    rate(cast, "bob", run, verdict="down", note="Wrong.")
    typed = {"verdict": "up", "note": "Right."}
    answer = alice.post(f"{address}rate/", {**typed, "seen": seen}, headers=HTMX)
    assert (answer.status_code, Rating.objects.get().note) == (409, "Wrong.")
    assert "Somebody has rated it meanwhile" in answer.text
    assert "Right." not in answer.text
    alice.post(f"{address}rate/", {**typed, "seen": shown.findall(answer.text)[0]}, headers=HTMX)
    assert Rating.objects.get().note == "Right."


def test_ratings_cost_a_page_no_query_each(
    cast: Cast, make_run: MakeRun, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = make_run(answer="An answer")
    later = [make_run(answer="Another", conversation=first.conversation, turn=turn) for turn in (2, 3, 4)]
    for run in (first, *later):
        rate(cast, "bob", run, verdict="up")
    client = cast.client("alice")
    with django_assert_max_num_queries(14):  # with the two of the session and the person
        page = client.get(f"/t/acme/playground/?conversation={first.conversation_id}").text
    assert page.count('<span class="tag rating-up">Good</span>') == 4


def test_the_end_of_a_line_counts_once_as_in_the_browser(cast: Cast, run: Run) -> None:
    note = "a\n" * (NOTE_CHARS // 2 - 1) + "ab"
    rate(cast, "bob", run, note=note.replace("\n", "\r\n"))
    assert Rating.objects.get().note == note


def test_viewers_read_it_without_a_form(cast: Cast, run: Run) -> None:
    rate(cast, "bob", run, verdict="up", note="<i>Fine</i>")
    page = cast.client("vera").get(f"/t/acme/playground/runs/{run.pk}/").text
    assert "&lt;i&gt;Fine&lt;/i&gt;" in page
    assert "/rate/" not in page


@pytest.mark.parametrize("fields", [{"verdict": "best"}, {"note": "x" * (NOTE_CHARS + 1)}])
def test_what_is_not_on_offer_is_refused_in_words(cast: Cast, run: Run, fields: dict[str, str]) -> None:
    page = rate(cast, "bob", run, **fields)
    assert not Rating.objects.exists()
    assert "not one of the available choices" in page or "2,000 characters at most" in page

"""An answer is shown rendered, plain, as JSON or raw, by links; what was chosen stays."""

import re
from typing import Any

import pytest

from playground.answers.views import COOKIE
from playground.models import Run, RunState
from tests.cast import Cast
from tests.directions import without_directions
from tests.playground.conftest import MakeRun
from tests.playground.visitor import words

ANSWER = "**Bold** and <i>\n\n- item"
VIEWS = ["Rendered", "Plain", "JSON", "Raw"]


@pytest.fixture
def run(make_run: MakeRun) -> Run:
    return make_run(answer=ANSWER, finish_reason="stop")


def path(run: Run, view: str = "") -> str:
    return f"/t/acme/playground/runs/{run.pk}/{f'?view={view}' if view else ''}"


def tabs(page: str) -> list[str]:
    """The views that a page offers for its answer."""
    return words(page.partition('aria-label="Show the answer as">')[2].partition("</nav>")[0]).split()


def is_plain(page: str) -> bool:
    return "**Bold** and &lt;i&gt;" in page.partition('class="answer answer-plain"')[2]


def test_each_is_a_link_that_leads_there(cast: Cast, run: Run) -> None:
    client = cast.client("vera")
    page = client.get(path(run)).text
    assert tabs(page) == VIEWS
    for name in VIEWS:
        shown = client.get(path(run, name.lower())).text
        assert f'?view={name.lower()}" hx-get' in shown
        assert f'aria-current="true">{name}</a>' in shown


def test_what_is_pressed_last_is_shown_whatever_is_answered_last(cast: Cast, make_run: MakeRun) -> None:
    page = cast.client("vera").get(path(make_run(answer="{}"), "json")).text
    asking = [tag for tag in re.findall(r"<[^>]+>", page) if 'hx-target="closest .turn-answer"' in tag]
    assert len(asking) == len(VIEWS) + 1  # the schema
    assert all('hx-sync="closest .turn-answer:replace"' in tag for tag in asking)


def test_plain_is_as_it_was_written(cast: Cast, run: Run) -> None:
    assert is_plain(cast.client("vera").get(path(run, "plain")).text)


def test_the_choice_stays_for_other_answers(cast: Cast, run: Run, make_run: MakeRun) -> None:
    client = cast.client("bob")
    client.get(path(run, "plain"))
    other = make_run(answer=ANSWER)
    conversation = f"/t/acme/playground/?conversation={other.conversation_id}"
    assert is_plain(client.get(path(other)).text)
    assert is_plain(client.get(conversation).text)
    client.get(path(run, "rendered"))
    assert not is_plain(client.get(conversation).text)


def test_a_choice_of_json_stays_where_there_is_some(cast: Cast, run: Run, make_run: MakeRun) -> None:
    client = cast.client("vera")
    assert "Not valid JSON. Line 1, column 1" in words(without_directions(client.get(path(run, "json")).text))
    assert "<strong>Bold</strong>" in client.get(path(run)).text
    assert "Valid JSON" in client.get(path(make_run(answer='{"a": 1}'))).text


def test_raw_lines_are_asked_for_each_time(cast: Cast, run: Run) -> None:
    client = cast.client("vera")
    client.get(path(run, "raw"))
    assert COOKIE not in client.cookies
    assert "<strong>Bold</strong>" in client.get(path(run)).text


@pytest.mark.parametrize("named", ["nothing", "RAW", "%00", ""])
def test_a_view_that_there_is_not_is_the_rendered_one(cast: Cast, run: Run, named: str) -> None:
    client = cast.client("vera")
    client.cookies[COOKIE] = named
    assert "<strong>Bold</strong>" in client.get(path(run, named)).text


def test_json_is_pretty_and_copied_whole(cast: Cast, make_run: MakeRun) -> None:
    page = cast.client("vera").get(path(make_run(answer='```json\n{"a":1e400}\n```'), "json")).text
    assert "{\n  &quot;a&quot;: 1e400\n}" in page
    text = words(page)
    assert "From the listing in the answer." in text
    assert "Valid JSON" in text


def test_while_it_is_written_it_is_rendered_or_plain(cast: Cast, make_run: MakeRun) -> None:
    client = cast.client("vera")
    live = make_run(answer=ANSWER, state=RunState.RUNNING, lease_expires_at=None)
    page = client.get(path(live)).text
    assert tabs(page) == VIEWS
    assert page.count("data-answer-view") == 2
    assert is_plain(client.get(path(live, "plain")).text)
    for view in ("json", "raw"):
        assert "<strong>Bold</strong>" in cast.client("alice").get(path(live, view)).text


def test_what_failed_without_a_word_has_its_raw_lines(cast: Cast, make_run: MakeRun) -> None:
    failed = make_run(state=RunState.FAILED, error_message="No.")
    assert tabs(cast.client("vera").get(path(failed)).text) == ["Rendered", "Raw"]


def test_htmx_gets_the_turn_and_only_the_page_of_the_run_its_address(cast: Cast, run: Run) -> None:
    client = cast.client("vera")

    def asked_from(page: str) -> Any:
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
        return client.get(path(run, "plain"), headers=headers)

    answer = asked_from(path(run))
    assert answer.text.lstrip().startswith("<article")
    assert answer["HX-Replace-Url"] == path(run, "plain")
    assert "HX-Replace-Url" not in asked_from("/t/acme/playground/")

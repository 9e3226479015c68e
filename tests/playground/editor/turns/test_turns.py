"""What a turn shows of all that came back, on the run's own page, in its conversation and in the list."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from playground.editor.turns.turns import Turn
from playground.models import LeftOut, Note, Run, RunState
from playground.models.runs import BEGINNING_CHARS
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.visitor import words

STOPPED: dict[str, object] = {"finish_reason": "stop"}
Pages = Callable[[Run], list[str]]


@pytest.fixture
def pages(cast: Cast) -> Pages:
    """A run as a colleague reads it: its page, and its conversation."""

    def read(run: Run) -> list[str]:
        colleague = cast.client("alice")
        addresses = [
            reverse("playground:run", args=["acme", run.pk]),
            f"{reverse('playground:index', args=['acme'])}?conversation={run.conversation_id}",
        ]
        return [colleague.get(address).text for address in addresses]

    return read


def test_a_refusal_is_shown_as_one(make_run: MakeRun, pages: Pages) -> None:
    for page in pages(make_run(refusal="I <can't> help.", **STOPPED)):
        assert "The model refused. I <can't> help." in words(page)
        assert 'ending-refused">Refused</span>' in page


def test_thinking_is_folded_with_its_seconds(make_run: MakeRun, pages: Pages) -> None:
    run = make_run(answer="42", reasoning="Let me see.", reasoning_ms=12_400, **STOPPED)
    for page in pages(run):
        assert '<details class="turn-thinking">' in page
        assert "Thought for 12 s Let me see." in words(page)


def test_tokens_of_thinking_and_of_caches_are_told(make_run: MakeRun, pages: Pages) -> None:
    counts = {"prompt_tokens": 1_025, "completion_tokens": 18, "tokens_reported": True}
    run = make_run(answer="42", reasoning_tokens=12, cached_tokens=1_024, **counts, **STOPPED)
    for page in pages(run):
        assert "1,043 tokens (1,025 in, 18 out, 12 thinking, 1,024 cached)" in page


def test_tools_are_named_and_their_arguments_folded(make_run: MakeRun, pages: Pages) -> None:
    calls = [{"id": "1", "name": "get_weather", "arguments": '{"city": "<Oslo>"}'}]
    for page in pages(make_run(tool_calls=calls, finish_reason="tool_calls")):
        text = words(page)
        assert "The model asked for the tool get_weather; the playground runs none." in text
        assert 'Arguments of get_weather {"city": "<Oslo>"}' in text
        assert '<details class="turn-call">' in page
        assert "Later messages are sent without this turn: the model asked for a tool." in text


def test_an_answer_of_nothing_is_told(make_run: MakeRun, pages: Pages) -> None:
    for page in pages(make_run(answer="\n", **STOPPED)):
        assert "The model answered with nothing." in page
        assert 'ending-empty">No answer</span>' in page


def test_what_is_to_be_noted_is(make_run: MakeRun, pages: Pages) -> None:
    for page in pages(make_run(answer="42", notes={Note.UNREADABLE_EVENTS: 2})):
        text = words(page)
        assert "no finish reason given" in text
        assert "2 events could not be read." in text


def test_what_its_request_was_sent_without_stands_with_what_was_sent(make_run: MakeRun, pages: Pages) -> None:
    run = make_run(answer="42", left_out=[{"run": "x", "why": LeftOut.FAILED}])
    assert "Left out 1 earlier turn: 1 failed" in words(pages(run)[0])


def test_a_content_filter_is_not_green_in_the_list(cast: Cast, make_run: MakeRun) -> None:
    make_run(answer="Half", finish_reason="content_filter")
    make_run(answer="", **STOPPED)
    make_run(answer="42", **STOPPED)
    make_run(state=RunState.FAILED)
    page = cast.client("alice").get("/t/acme/playground/runs/").text
    for badge in ("ending-filtered", "ending-empty", "ending-whole", 'state-failed">Failed'):
        assert page.count(badge) == 1


def test_a_blank_answer_is_none_in_the_list_too(cast: Cast, make_run: MakeRun) -> None:
    for blank in (" \n", "\u3000" * (BEGINNING_CHARS + 1)):
        make_run(answer=blank, **STOPPED)
    make_run(answer=" " * BEGINNING_CHARS + "42", **STOPPED)
    page = cast.client("alice").get("/t/acme/playground/runs/").text
    assert (page.count("ending-empty"), page.count("ending-whole")) == (2, 1)


@pytest.mark.parametrize(
    ("ended", "shown"),
    [
        ({"finish_reason": "length"}, False),
        ({"finish_reason": "stop", "refusal": "No."}, False),
        ({"finish_reason": "content_filter"}, True),
    ],
)
def test_why_it_ended_is_not_said_twice(make_run: MakeRun, ended: dict[str, str], shown: bool) -> None:
    assert bool(Turn(make_run(answer="42", **ended), is_followed=False, reader=None).finish_words) is shown


def test_an_unknown_finish_reason_is_named_as_one(make_run: MakeRun, pages: Pages) -> None:
    for page in pages(make_run(answer="42", finish_reason="bored")):
        assert "finish reason “bored”" in words(page)


def test_what_took_no_time_is_no_bare_zero(make_run: MakeRun, pages: Pages) -> None:
    for page in pages(make_run(state=RunState.FAILED, duration_ms=12)):
        assert "under 0.1 s" in words(page)


def test_what_it_may_cost_is_a_sentence_of_its_own(make_run: MakeRun, pages: Pages) -> None:
    failed = {"state": RunState.FAILED, "error_message": "The API failed: Out of memory"}
    for page in pages(make_run(maybe_billed=True, **failed)):
        assert "Out of memory. The provider may have billed it." in words(page)
    for page in pages(make_run(**failed)):
        assert "The API failed: Out of memory. Run " in words(page)


def test_a_turn_that_is_gone_says_so_in_its_place(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(erased_at="2026-03-02T12:00Z")
    address = reverse("playground:run", args=["acme", run.pk])
    for reader in ("alice", "charlie"):
        answer = cast.client(reader).get(
            address, headers={"HX-Request": "true", "HX-Request-Type": "partial"}
        )
        assert answer.status_code == 404
        assert f'<article class="turn" id="run-{run.pk}"' in answer.text
        assert "This turn cannot be read any more" in answer.text
        assert cast.client(reader).get(address).status_code == 404


def test_what_comes_beside_the_answer_has_its_places_while_it_goes_on(
    make_run: MakeRun, pages: Pages
) -> None:
    live = {"state": RunState.RUNNING, "owner": "elsewhere", "lease_expires_at": "2999-01-01T00:00Z"}
    run = make_run(reasoning="Let me", **live)
    for page in pages(run):
        assert "Thinking … Let me" in words(page)
        for place in ("reasoning", "thought", "refusal", "tool"):
            assert f'id="{place}-{run.pk}"' in page

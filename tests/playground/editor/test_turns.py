"""What a turn shows of all that came back, on the run's own page, in its conversation and in the list."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from playground.models import LeftOut, Note, Run, RunState
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


def test_what_comes_beside_the_answer_has_its_places_while_it_goes_on(
    make_run: MakeRun, pages: Pages
) -> None:
    live = {"state": RunState.RUNNING, "owner": "elsewhere", "lease_expires_at": "2999-01-01T00:00Z"}
    run = make_run(reasoning="Let me", **live)
    for page in pages(run):
        assert "Thinking … Let me" in words(page)
        for place in ("reasoning", "thought", "refusal", "tool"):
            assert f'id="{place}-{run.pk}"' in page

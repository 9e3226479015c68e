"""An answer that was cut at max tokens can be gone on with; what will be sent is said before."""

from html import unescape
from uuid import uuid4

import pytest

from playground.editor.turns.remarks import GO_ON
from playground.models import Run, RunState, StopCause
from playground.requests import contents_of
from tests.cast import Cast
from tests.directions import without_directions
from tests.playground.conftest import MakeRun
from tests.playground.visitor import words


@pytest.fixture
def cut(make_run: MakeRun) -> Run:
    parameters = {"max_tokens": 4, "temperature": 0.5}
    return make_run(answer="One, two,", finish_reason="length", parameters=parameters)


def path(run: Run, rest: str = "") -> str:
    return f"/t/acme/playground/runs/{run.pk}/{rest}"


def test_the_author_is_told_what_will_be_sent(cast: Cast, cut: Run) -> None:
    page = cast.client("bob").get(path(cut)).text
    assert f'action="{path(cut, "go-on/")}"' in page
    assert f"Sends the conversation, with this answer, and then: “{GO_ON}”" in unescape(page)


def test_the_next_turn_sends_the_answer_and_that(cast: Cast, cut: Run, taking_runs: None) -> None:
    answer = cast.client("bob").post(path(cut, "go-on/"), {"idempotency_key": str(uuid4())})
    assert answer.status_code == 302
    assert str(cut.conversation_id) in answer["Location"]
    run = Run.objects.get(turn=2)
    assert contents_of(run) == [cut.message, "One, two,", GO_ON]
    assert (run.model, run.parameters, run.parent) == (cut.model, cut.parameters, cut)


def test_two_presses_of_one_button_are_one_run(cast: Cast, cut: Run, taking_runs: None) -> None:
    client = cast.client("bob")
    page = client.get(path(cut)).text.partition("/go-on/")[2]
    key = page.partition('name="idempotency_key" value="')[2].partition('"')[0]
    for _ in range(2):
        client.post(path(cut, "go-on/"), {"idempotency_key": key})
    assert Run.objects.count() == 2


def test_it_goes_on_from_that_answer_whatever_came_after_it(
    cast: Cast, cut: Run, make_run: MakeRun, taking_runs: None
) -> None:
    make_run(conversation=cut.conversation, parent=cut, turn=2, answer="Three.")
    cast.client("bob").post(path(cut, "go-on/"), {"idempotency_key": str(uuid4())})
    run = Run.objects.get(message=GO_ON)
    assert run.parent == cut
    assert contents_of(run) == [cut.message, "One, two,", GO_ON]


def test_nobody_else_is_offered_it(cast: Cast, cut: Run, taking_runs: None) -> None:
    assert "/go-on/" not in cast.client("alice").get(path(cut)).text
    assert cast.client("vera").post(path(cut, "go-on/")).status_code == 403
    assert cast.client("charlie").post(path(cut, "go-on/")).status_code == 404
    cast.client("alice").post(path(cut, "go-on/"), {"idempotency_key": str(uuid4())})
    assert Run.objects.count() == 1


def test_a_whole_answer_is_not_gone_on_with(cast: Cast, make_run: MakeRun) -> None:
    for fields in ({"finish_reason": "stop", "answer": "1"}, {"finish_reason": "length", "answer": ""}):
        assert "/go-on/" not in cast.client("bob").get(path(make_run(**fields))).text


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"answer": "a", "completion_tokens": 412, "tokens_reported": True}, "after 412 tokens"),
        ({"answer": "a", "completion_tokens": 1_412}, "after ≈ 1,412 tokens"),
        ({"reasoning": "a", "completion_tokens": 1}, "after ≈ 1 token"),
        ({"completion_tokens": 0}, "before the first token"),
        ({"answer": ""}, "before the first token"),
    ],
)
def test_who_stopped_it_and_after_how_much_is_told(
    cast: Cast, make_run: MakeRun, fields: dict[str, object], after: str
) -> None:
    run = make_run(
        state=RunState.STOPPED, stop_cause=StopCause.MEMBER, stopped_by=cast.alice, prompt_tokens=9, **fields
    )
    client = cast.client("vera")
    assert f"Stopped by Alice {after}" in words(without_directions(client.get(path(run)).text))
    assert "Stopped by Alice" in words(without_directions(client.get("/t/acme/playground/runs/").text))
    cast.alice.delete()
    assert f"Stopped by a former member {after}" in words(without_directions(client.get(path(run)).text))


def test_what_nobody_stopped_names_nobody(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.STOPPED, stop_cause=StopCause.PERMISSION_LOST, error_message="May not.")
    assert "Stopped by" not in words(cast.client("vera").get(path(run)).text)

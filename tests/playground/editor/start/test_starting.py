"""A wish becomes a run: once, in its place, with what was said before."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from playground.editor.start.starting import BUSY, NOT_YOURS, CannotStart, MustWait, Start, Wish, again, start
from playground.editor.turns.branches import Version, version_of
from playground.models import Conversation, LeftOut, Run, RunState
from playground.requests import as_sent
from teams.models import Membership, Plan
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from usage.quota.limiter import block


@pytest.fixture
def wish(cast: Cast) -> Wish:
    return Wish(
        member=Membership.objects.get(user=cast.bob),
        key=cast.key,
        idempotency_key=uuid4(),
        model="rax-4.0",
        parameters={"stream": True},
        system_prompt="",
        message="And in winter?",
    )


def contents(started: Start) -> list[str]:
    """Return what is sent, message by message."""
    assert started.order
    return [message.content for message in started.order.messages]


def test_a_first_message_begins_a_conversation(wish: Wish) -> None:
    run = start(wish).run
    assert (run.turn, run.conversation.title, run.state) == (1, "And in winter?", RunState.QUEUED)
    assert (run.message, run.parent, run.left_out) == ("And in winter?", None, [])


def test_a_double_click_is_one_run(wish: Wish) -> None:
    first, second = start(wish), start(wish)
    assert first.run == second.run
    assert first.order is not None
    assert second.order is None
    assert Conversation.objects.count() == 1


def test_another_person_s_key_of_the_same_form_is_another_run(wish: Wish, cast: Cast) -> None:
    other = replace(wish, member=Membership.objects.get(user=cast.alice))
    assert start(wish).run != start(other).run


def test_the_turns_so_far_are_sent_in_order(wish: Wish, make_run: MakeRun) -> None:
    first = make_run(answer="Half of it is gone.")
    failed = make_run(conversation=first.conversation, turn=2, state=RunState.FAILED)
    started = start(replace(wish, conversation_id=first.conversation_id, system_prompt="Be brief."))
    assert (started.run.turn, started.run.parent) == (3, failed)
    assert contents(started) == ["Be brief.", first.message, "Half of it is gone.", "And in winter?"]


ENDS: dict[LeftOut, dict[str, object]] = {
    LeftOut.ERASED: {"answer": "Gone.", "erased_at": "2026-03-02T12:00Z"},
    LeftOut.FAILED: {"state": RunState.FAILED},
    LeftOut.STOPPED: {"state": RunState.STOPPED},
    LeftOut.INTERRUPTED: {"state": RunState.INTERRUPTED},
    LeftOut.ENDED_EARLY: {"state": RunState.ENDED_EARLY, "reasoning": "Hm"},
    LeftOut.TOOLS: {"state": RunState.COMPLETED, "tool_calls": [{"name": "f", "arguments": "{}"}]},
    LeftOut.EMPTY: {"state": RunState.COMPLETED, "answer": " \n"},
}


@pytest.mark.parametrize("why", LeftOut)
def test_it_is_kept_which_turns_are_not_sent_and_why(wish: Wish, make_run: MakeRun, why: LeftOut) -> None:
    first = make_run(**ENDS[why])
    started = start(replace(wish, conversation_id=first.conversation_id))
    assert started.run.left_out == [{"run": str(first.pk), "why": why}]
    assert contents(started) == ["And in winter?"]


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.STOPPED, RunState.INTERRUPTED])
def test_half_an_answer_is_sent(wish: Wish, make_run: MakeRun, state: RunState) -> None:
    first = make_run(state=state, answer="Half of")
    started = start(replace(wish, conversation_id=first.conversation_id))
    assert contents(started) == [first.message, "Half of", "And in winter?"]
    assert started.run.left_out == []


def test_a_refusal_is_sent_as_what_was_answered(wish: Wish, make_run: MakeRun) -> None:
    first = make_run(refusal="I can't help with that.")
    second = make_run(conversation=first.conversation, turn=2, answer="Half of", refusal="No more.")
    started = start(replace(wish, conversation_id=first.conversation_id))
    said = ["I can't help with that.", second.message, "Half of\n\nNo more."]
    assert contents(started) == [first.message, *said, "And in winter?"]
    assert started.run.left_out == []
    assert b"I can't help" in as_sent(started.run)


def test_neither_thinking_nor_tool_calls_are_sent_again(wish: Wish, make_run: MakeRun) -> None:
    first = make_run(answer="42", reasoning="A secret thought", tool_calls=[{"name": "f", "arguments": "{}"}])
    started = start(replace(wish, conversation_id=first.conversation_id))
    assert contents(started) == [first.message, "42", "And in winter?"]


def test_a_system_prompt_of_nothing_but_space_is_not_sent(wish: Wish) -> None:
    started = start(replace(wish, system_prompt=" \n"))
    assert (started.run.system_prompt, contents(started)) == ("", ["And in winter?"])


def test_the_version_before_finds_a_run_s_own_words(wish: Wish, make_run: MakeRun) -> None:
    first = make_run(answer="Half of it is gone.")
    run = start(replace(wish, conversation_id=first.conversation_id, system_prompt="Be brief.")).run
    system, message = (
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "And in winter?"},
    )
    assert run.messages == [system, message]


def test_erased_turns_are_not_sent(wish: Wish, make_run: MakeRun) -> None:
    first = make_run(answer="Half of it is gone.", erased_at="2026-03-02T12:00Z")
    started = start(replace(wish, conversation_id=first.conversation_id))
    assert contents(started) == ["And in winter?"]


def test_a_conversation_waits_for_its_last_answer(wish: Wish, make_run: MakeRun) -> None:
    live = make_run(state=RunState.RUNNING)
    with pytest.raises(CannotStart, match=BUSY):
        start(replace(wish, conversation_id=live.conversation_id))


def test_nobody_goes_on_with_somebody_else_s_conversation(wish: Wish, make_run: MakeRun, cast: Cast) -> None:
    theirs = make_run(author=cast.alice, answer="Hello")
    with pytest.raises(CannotStart, match=NOT_YOURS):
        start(replace(wish, conversation_id=theirs.conversation_id))


def test_another_team_s_conversation_does_not_exist(wish: Wish, cast: Cast) -> None:
    foreign = Conversation.objects.create(team=cast.other_team, author=cast.bob)
    with pytest.raises(CannotStart):
        start(replace(wish, conversation_id=foreign.pk))
    assert not Run.objects.exists()


def test_the_order_says_what_was_stored(wish: Wish) -> None:
    started = start(replace(wish, parameters={"temperature": 0.5, "stream": True}))
    assert started.order
    assert started.order.parameters == started.run.parameters == {"temperature": 0.5, "stream": True}
    assert started.order.secret() == "rax_demo_pro"
    assert "rax_demo_pro" not in repr(started.order)


def test_a_key_that_must_wait_writes_nothing_however_often_it_is_pressed(wish: Wish) -> None:
    block({wish.key.pk: timezone.now() + timedelta(seconds=90)})
    for _ in range(14):
        with pytest.raises(
            MustWait, match=r"Nothing was sent\. The provider asked us to wait\. Try again in 1 min"
        ):
            start(replace(wish, idempotency_key=uuid4()))
    assert not Run.objects.exists()
    assert not Conversation.objects.exists()


def test_presses_take_a_key_s_last_places_and_no_more(wish: Wish) -> None:
    wish.key.plan, wish.key.requests_per_minute = Plan.OWN, 4
    for _ in range(3):
        assert start(replace(wish, idempotency_key=uuid4())).order
    with pytest.raises(MustWait, match="4 requests a minute are used up"):
        start(replace(wish, idempotency_key=uuid4()))
    assert Run.objects.count() == 3


def test_asking_again_repeats_the_run_as_another_version_of_its_turn(wish: Wish, make_run: MakeRun) -> None:
    failed = make_run(state=RunState.FAILED, parameters={"top_p": 0.5, "stream": True})
    run = start(again(failed, wish.member, wish.key, uuid4())).run
    assert (run.turn, run.message, run.parameters) == (1, failed.message, failed.parameters)
    assert version_of(run) == Version(2, 2, failed.pk, None)

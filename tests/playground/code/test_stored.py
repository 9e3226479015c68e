"""An identical request offers the stored answer, marked as stored, at no cost."""

from typing import Any

import pytest

from playground.editor.start.starting import CannotStart
from playground.editor.start.starting import start as start_run
from playground.editor.start.stored import GONE, SEND, is_repeatable, offered, stored_answers, use_stored
from playground.history.erasing import erase
from playground.live.outcome.outcomes import RunOutcome, store
from playground.models import Run, RunState, SearchText
from teams.models import Team
from tests.cast import Cast, make_key
from tests.playground.code.conftest import wish
from usage.models import LocalUsage


def test_a_member_is_offered_what_another_was_answered(cast: Cast, answered: Run) -> None:
    assert list(stored_answers(wish(cast))) == [answered]


@pytest.mark.parametrize(
    "fields",
    [
        {"message": "What is the answer? "},
        {"system_prompt": "Be brief."},
        {"model": "rax-4.5"},
        {"parameters": {"temperature": 0}},
        {"parameters": {"temperature": 0, "stream": True, "extra": {"seed": 1}}},
    ],
)
def test_another_request_has_none(cast: Cast, answered: Run, fields: dict[str, Any]) -> None:
    assert not stored_answers(wish(cast, **fields)).exists()


def test_another_server_s_answer_is_none(cast: Cast, answered: Run) -> None:
    key = make_key(cast.team, cast.alice, "Elsewhere")
    type(key).objects.filter(pk=key.pk).update(base_url="https://elsewhere.example/v1")
    key.refresh_from_db()
    assert not stored_answers(wish(cast, key=key)).exists()


@pytest.mark.parametrize(
    "state", [RunState.FAILED, RunState.STOPPED, RunState.ENDED_EARLY, RunState.INTERRUPTED]
)
def test_what_did_not_complete_is_none(cast: Cast, answered: Run, state: RunState) -> None:
    Run.objects.filter(pk=answered.pk).update(state=state)
    assert not stored_answers(wish(cast)).exists()


def test_what_was_erased_is_none(cast: Cast, answered: Run) -> None:
    assert erase(answered)
    assert not stored_answers(wish(cast)).exists()


def test_another_team_s_is_none(cast: Cast, answered: Run) -> None:
    Run.objects.filter(pk=answered.pk).update(team=Team.objects.create(name="Other", slug="other"))
    assert not stored_answers(wish(cast)).exists()


def test_it_is_taken_at_no_cost(cast: Cast, answered: Run) -> None:
    taking = wish(cast)
    started = use_stored(taking, answered.pk)
    assert started.order is None
    run = Run.objects.get(pk=started.run.pk)
    assert (run.answer, run.reasoning, run.finish_reason) == ("42", "Hm.", "stop")
    assert (run.state, run.stored_from, run.author) == (RunState.COMPLETED, answered.pk, cast.alice)
    assert SearchText.objects.get(run=run).words.startswith(" what is the answer ‖ 42 ‖ hm ‖")
    assert (run.total_tokens, run.owner, run.lease_expires_at) == (None, "", None)
    assert not LocalUsage.objects.filter(run=run.pk).exists()
    assert use_stored(taking, answered.pk).run == run
    # A copy is not copied.
    assert list(stored_answers(wish(cast))) == [answered]


def test_what_has_gone_meanwhile_is_told(cast: Cast, answered: Run) -> None:
    erase(answered)
    with pytest.raises(CannotStart, match=GONE):
        use_stored(wish(cast), answered.pk)
    assert Run.objects.filter(author=cast.alice).count() == 0


def test_only_the_same_request_is_given_its_answer(cast: Cast, answered: Run) -> None:
    with pytest.raises(CannotStart, match=GONE):
        use_stored(wish(cast, message="Something else"), answered.pk)


@pytest.mark.parametrize(
    ("parameters", "repeatable"),
    [
        ({"temperature": 0}, True),
        ({"temperature": 0.0, "stream": True}, True),
        ({"temperature": 0.1}, False),
        ({}, False),
        ({"extra": {"seed": 0}}, True),
        ({"temperature": 1, "extra": {"seed": 7}}, True),
        ({"extra": {"seed": None}}, False),
    ],
)
def test_temperature_0_and_a_seed_are_repeatable(parameters: dict[str, Any], repeatable: bool) -> None:
    assert is_repeatable(parameters) is repeatable


def test_it_is_offered_before_the_request_is_sent(cast: Cast, answered: Run) -> None:
    asking = wish(cast)
    assert offered(asking) == answered
    assert offered(asking, SEND) is None
    started = start_run(asking).run
    store(Run.objects.filter(pk=started.pk), RunOutcome(RunState.COMPLETED, answer="43"))
    # A double click is no second wish.
    assert offered(asking) is None


def test_where_another_answer_may_come_it_is_not_offered(cast: Cast, answered: Run) -> None:
    Run.objects.filter(pk=answered.pk).update(request_digest="")
    parameters = {"temperature": 0.7}
    run = start_run(wish(cast, parameters=parameters)).run
    store(Run.objects.filter(pk=run.pk), RunOutcome(RunState.COMPLETED, answer="43"))
    assert offered(wish(cast, parameters=parameters)) is None
    assert stored_answers(wish(cast, parameters=parameters)).get() == run

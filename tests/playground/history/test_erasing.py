"""Text is erased when its time is over, or when its person, key or team goes; the numbers stay."""

from datetime import timedelta
from typing import Any

import pytest

from common.models import Chore
from playground.editor.start.starting import Wish, order_for, start
from playground.history import retention
from playground.history.erasing import erase_all
from playground.history.retention import forget_due
from playground.live.ends import store_end
from playground.live.outcome.outcomes import RunOutcome
from playground.live.outcome.tokens import Tokens
from playground.live.progress import Progress
from playground.live.saver import save_texts
from playground.live.storage import OWNER
from playground.models import Conversation, LeftOut, Run, RunState, StopCause
from teams.keys import deeds as keys
from teams.members import deeds as members
from teams.models import Membership, Team
from teams.permissions import Access
from teams.team import life
from tests.cast import Cast, make_key
from tests.playground.conftest import NOON, MakeRun
from usage.models import LocalUsage

DAY = timedelta(days=1)
WORDS = (
    *("system_prompt", "message", "request", "request_digest", "reasoning", "answer"),
    *("refusal", "error_message", "error_body"),
)


def keep(team: Team, days: int) -> None:
    Team.objects.filter(pk=team.pk).update(keep_prompts_days=days)


def access(cast: Cast, name: str) -> Access:
    return Access(cast.team, Membership.objects.get(team=cast.team, user=getattr(cast, name)), "")


def texts() -> dict[int, str]:
    return {run.turn: run.answer for run in Run.objects.all()}


def talk(make_run: MakeRun, ages: list[int], **fields: object) -> list[Run]:
    """Return a conversation of turns as old as this in days, each repeating all before."""
    runs: list[Run] = []
    for turn, age in enumerate(ages, start=1):
        said = [message for run in runs for message in (said_of(run), answer_of(run))]
        runs.append(
            make_run(
                conversation=runs[0].conversation if runs else None,
                turn=turn,
                created_at=NOON - age * DAY,
                message=f"Question {turn}",
                messages=[*said, {"role": "user", "content": f"Question {turn}"}],
                answer=f"Answer {turn}",
                completion_tokens=turn,
                **fields,
            )
        )
    return runs


def said_of(run: Run) -> dict[str, str]:
    return {"role": "user", "content": run.message}


def answer_of(run: Run) -> dict[str, str]:
    return {"role": "assistant", "content": run.answer}


def test_old_text_is_forgotten_and_its_numbers_are_kept(cast: Cast, make_run: MakeRun) -> None:
    keep(cast.team, 30)
    edge = NOON - 30 * DAY
    words = dict.fromkeys(WORDS, "old")
    tools = [{"name": "old"}]
    old = make_run(created_at=edge - timedelta(seconds=1), completion_tokens=5, tool_calls=tools, **words)
    young = make_run(created_at=edge, answer="young")
    assert forget_due(NOON) == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.answer, old.messages, old.parameters, old.erased_at) == ("", [], {}, NOON)
    assert {getattr(old, name) for name in WORDS} == {""}
    assert old.tool_calls is None
    assert (old.completion_tokens, old.conversation.title) == (5, "")
    assert young.answer == "young"


def test_zero_days_keep_everything(cast: Cast, make_run: MakeRun) -> None:
    make_run(answer="old", created_at=NOON - 3_650 * DAY)
    assert forget_due(NOON) == 0
    assert texts() == {1: "old"}


def test_other_teams_keep_their_own(cast: Cast, make_run: MakeRun) -> None:
    keep(cast.other_team, 1)
    make_run(answer="old", created_at=NOON - 31 * DAY)
    assert forget_due(NOON) == 0


def test_a_turn_that_stays_loses_the_words_of_one_that_goes(cast: Cast, make_run: MakeRun) -> None:
    keep(cast.team, 30)
    talk(make_run, [40, 10, 5])
    forget_due(NOON)
    assert texts() == {1: "", 2: "Answer 2", 3: "Answer 3"}
    second, third = Run.objects.with_words().order_by("turn")
    assert second.messages == [said_of(second)]
    assert third.messages == [said_of(third)]
    assert second.conversation.title == "Question 2"


def test_two_beats_forget_once_a_day(cast: Cast, make_run: MakeRun) -> None:
    keep(cast.team, 1)
    for age in (2, 3):
        make_run(answer="old", created_at=NOON - age * DAY)
        assert forget_due(NOON) == (1 if age == 2 else 0)
    assert forget_due(NOON + DAY) == 1


def test_a_claim_that_was_never_fulfilled_is_free_again(cast: Cast, make_run: MakeRun) -> None:
    keep(cast.team, 1)
    make_run(answer="old", created_at=NOON - 2 * DAY)
    assert Chore.objects.claim(retention.NAME, NOON, retention.LEASE)  # by a process that dies
    assert forget_due(NOON) == 0
    assert forget_due(NOON + retention.LEASE) == 1


def test_much_is_forgotten_in_small_transactions(
    cast: Cast, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    keep(cast.team, 1)
    talk(make_run, [9, 8, 7, 6, 5])
    assert forget_due(NOON) == 5
    assert set(texts().values()) == {""}


def test_more_than_one_claim_can_forget_waits_for_the_next(
    cast: Cast, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    monkeypatch.setattr(retention, "MOST_BATCHES", 2)
    keep(cast.team, 1)
    talk(make_run, [9, 8, 7])
    assert forget_due(NOON) == 2
    assert forget_due(NOON) == 0
    assert forget_due(NOON + retention.LEASE) == 1


def test_who_leaves_takes_their_words_along(cast: Cast, make_run: MakeRun) -> None:
    mine, hers = make_run(answer="mine", completion_tokens=5), make_run(author=cast.alice, answer="hers")
    members.leave(access(cast, "bob"))
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.answer, mine.completion_tokens, hers.answer) == ("", 5, "hers")


def test_a_retired_key_takes_along_what_was_asked_with_it(cast: Cast, make_run: MakeRun) -> None:
    second = talk(make_run, [2, 1])[1]
    Run.objects.filter(pk=second.pk).update(key=make_key(cast.team, cast.alice, "Second"))
    keys.retire(access(cast, "alice"), cast.key.pk)
    assert texts() == {1: "", 2: "Answer 2"}
    second.refresh_from_db()
    assert second.messages == [said_of(second)]


def test_a_deleted_team_keeps_only_its_numbers(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(answer="ours", completion_tokens=5)
    life.delete_team(access(cast, "alice"))
    run.refresh_from_db()
    assert (run.answer, run.messages, run.completion_tokens) == ("", [], 5)
    assert Conversation.objects.get().title == ""


def test_a_live_run_whose_words_are_erased_ends_without_words(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, answer="half", owner=OWNER)
    order = order_for(run, cast.key, [])
    erase_all(Run.objects.all(), NOON)
    saved = save_texts([Progress(run.pk, "half an ans")], NOON, [run.pk])
    assert saved.stopping == {run.pk}
    assert Run.objects.get().answer == ""
    said: dict[str, Any] = {
        "answer": "half an answer",
        "reasoning": "hm",
        "refusal": "No.",
        "tool_calls": [{"name": "a"}],
    }
    store_end(order, RunOutcome(RunState.STOPPED, tokens=Tokens(9, 3), **said))
    run.refresh_from_db()
    assert (run.state, run.messages, run.completion_tokens) == (RunState.STOPPED, [], 3)
    assert (run.answer, run.reasoning, run.refusal, run.tool_calls) == ("", "", "", None)
    assert LocalUsage.objects.get(run=run.pk).completion_tokens == 3


def test_what_the_api_sent_of_its_failure_is_erased_too(make_run: MakeRun) -> None:
    run = make_run(error_body='{"error": "No such word: Half-life"}', response_headers={"date": "today"})
    erase_all(Run.objects.all(), NOON)
    run.refresh_from_db()
    assert (run.error_body, run.response_headers) == ("", {"date": "today"})


def test_what_the_version_before_left_of_erased_words_is_cleared(make_run: MakeRun) -> None:
    before = {"answer": "", "messages": [], "parameters": {}, "error_message": ""}
    half = make_run(request='{"stop": ["secret"]}', completion_tokens=5)
    asking = make_run(message="", tool_calls=[{"name": "secret"}])
    naming = make_run(message="", error_param="messages.0.secret")
    Run.objects.filter(pk__in=[half.pk, asking.pk, naming.pk]).update(erased_at=NOON, **before)
    kept = make_run(message="Kept")
    assert forget_due(NOON) == 0
    for run in (half, asking, naming, kept):
        run.refresh_from_db()
    assert (half.message, half.request, half.completion_tokens, kept.message) == ("", "", 5, "Kept")
    assert (asking.tool_calls, naming.error_param) == (None, "")


def test_a_live_run_says_that_it_was_stopped_for_its_words_were_erased(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    erase_all(Run.objects.all(), NOON)
    run.refresh_from_db()
    assert (run.stop_requested_at, run.stop_cause) == (NOON, StopCause.ERASED)


def test_a_conversation_goes_on_without_what_was_forgotten(cast: Cast, make_run: MakeRun) -> None:
    keep(cast.team, 30)
    first = talk(make_run, [40, 10])[0]
    forget_due(NOON)
    wish = Wish(
        member=Membership.objects.get(user=cast.bob),
        key=cast.key,
        idempotency_key=first.pk,
        model="rax-4.0",
        parameters={},
        system_prompt="",
        message="And now?",
        conversation_id=first.conversation_id,
    )
    started = start(wish)
    assert (started.run.turn, started.run.left_out) == (3, [{"run": str(first.pk), "why": LeftOut.ERASED}])
    assert started.order
    assert [m.content for m in started.order.messages] == ["Question 2", "Answer 2", "And now?"]

"""A run ends once, in one state, whoever comes first."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from playground.history.erasing import erase
from playground.live.outcome.outcomes import RunOutcome, store
from playground.live.outcome.tokens import Tokens
from playground.live.progress import Progress
from playground.live.reaper import LOST_PROCESS, reap
from playground.live.saver import save_texts
from playground.live.storage import OWNER
from playground.models import ENDED_STATES, Run, RunState, StopCause
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from usage.models import LocalUsage

LATE = NOON + timedelta(seconds=16)


def mine(run: Run):
    return Run.objects.filter(pk=run.pk)


@pytest.mark.parametrize("first", ENDED_STATES)
@pytest.mark.parametrize("second", ENDED_STATES)
def test_only_the_first_end_counts(make_run: MakeRun, first: RunState, second: RunState) -> None:
    run = make_run(state=RunState.RUNNING)
    assert mine(run).end(first, answer="first") == 1
    assert mine(run).end(second, answer="second") == 0
    run.refresh_from_db()
    assert (run.state, run.answer, run.lease_expires_at) == (first, "first", None)


def test_an_unknown_state_is_refused_by_the_database(make_run: MakeRun) -> None:
    with pytest.raises(IntegrityError, match="run_state_is_known"):
        make_run(state="lost")


def test_a_run_whose_lease_ran_out_is_interrupted_and_keeps_its_text(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, answer="half an ans")
    assert reap(Run.objects.all(), LATE) == 1
    run.refresh_from_db()
    assert (run.state, run.answer, run.error_message) == (RunState.INTERRUPTED, "half an ans", LOST_PROCESS)
    assert run.stop_cause == StopCause.SERVER_LOST


def test_what_a_lost_run_had_written_is_counted_as_an_estimate(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, answer="half an ans")
    reap(Run.objects.all(), LATE)
    line = LocalUsage.objects.get(run=run.pk)
    assert (line.completion_tokens, line.is_reported) == (3, False)


def test_what_a_lost_run_had_been_told_is_kept(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    tokens = Tokens(9, 3, is_reported=True, reasoning=2, cached=8)
    told = Progress(run.pk, "half", "Hm", request_id="req_abc", tokens=tokens)
    save_texts([told], NOON, [run.pk])
    reap(Run.objects.all(), LATE + timedelta(minutes=1))
    run.refresh_from_db()
    assert (run.reasoning, run.request_id, run.tokens_reported) == ("Hm", "req_abc", True)
    assert (run.reasoning_tokens, run.cached_tokens) == (2, 8)
    assert LocalUsage.objects.get(run=run.pk).is_reported


def test_a_run_with_a_lease_is_left_alone(make_run: MakeRun) -> None:
    make_run(state=RunState.RUNNING)
    make_run(state=RunState.COMPLETED)
    assert reap(Run.objects.all(), NOON) == 0


def test_a_lease_of_a_clock_that_was_ahead_ends_a_lease_from_now(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, lease_expires_at=NOON + timedelta(hours=1))
    assert reap(Run.objects.all(), NOON) == 0
    assert reap(Run.objects.all(), LATE) == 1
    run.refresh_from_db()
    assert run.state == RunState.INTERRUPTED


def test_whoever_carries_a_run_out_keeps_it_when_the_clock_is_set_back(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, owner=OWNER, lease_expires_at=NOON + timedelta(hours=1))
    reap(Run.objects.all(), NOON)
    save_texts([], NOON + timedelta(seconds=1), [run.pk])
    assert reap(Run.objects.all(), NOON + timedelta(seconds=15)) == 0


def test_a_lease_renewed_in_time_wins_against_the_reaper(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    read_before = Run.objects.lost(LATE).get()
    mine(run).update(lease_expires_at=LATE + timedelta(seconds=15))
    from playground.live.reaper import reap_one

    assert not reap_one(read_before, LATE)
    run.refresh_from_db()
    assert run.is_live()


def test_stop_is_asked_of_live_runs_only(cast: Cast, make_run: MakeRun) -> None:
    assert make_run(state=RunState.QUEUED).request_stop(cast.bob)
    assert not make_run(state=RunState.COMPLETED).request_stop(cast.bob)


def test_who_asks_first_stopped_the_run(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    assert run.request_stop(cast.alice)
    assert run.request_stop(cast.bob)
    run.refresh_from_db()
    assert (run.stopped_by, run.stop_cause) == (cast.alice, StopCause.MEMBER)


def test_the_end_of_a_stopped_run_keeps_who_stopped_it(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    run.request_stop(cast.alice)
    assert store(mine(run), RunOutcome(RunState.STOPPED))
    run.refresh_from_db()
    assert (run.state, run.stop_cause, run.stopped_by) == (RunState.STOPPED, StopCause.MEMBER, cast.alice)


def test_erasing_clears_the_words_of_a_turn_and_of_those_that_repeat_it(make_run: MakeRun) -> None:
    first = make_run(answer="One", completion_tokens=5)
    second = make_run(conversation=first.conversation, turn=2, answer="Two")
    third = make_run(conversation=first.conversation, turn=3, answer="Three", completion_tokens=7)
    assert erase(second)
    words = {run.turn: (run.answer, bool(run.message)) for run in Run.objects.all()}
    assert words == {1: ("One", True), 2: ("", False), 3: ("", False)}
    third.refresh_from_db()
    assert third.completion_tokens == 7


def test_nothing_is_erased_while_it_is_written(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, answer="One")
    assert not erase(run)
    run.refresh_from_db()
    assert run.answer == "One"


def test_deleting_a_key_or_a_person_keeps_the_run(make_run: MakeRun) -> None:
    run = make_run(completion_tokens=5)
    run.key.delete()
    run.author.delete()
    run.refresh_from_db()
    assert (run.key, run.author, run.completion_tokens) == (None, None, 5)


def test_a_lost_run_without_a_word_counts_its_prompt_where_it_was_sent(make_run: MakeRun) -> None:
    sent, waiting = make_run(state=RunState.RUNNING), make_run(state=RunState.QUEUED)
    assert reap(Run.objects.all(), LATE) == 2
    line = LocalUsage.objects.get(run=sent.pk)
    assert line.prompt_tokens > 0
    assert line.completion_tokens == 0
    assert not LocalUsage.objects.filter(run=waiting.pk).exists()

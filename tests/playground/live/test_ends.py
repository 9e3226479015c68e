"""An end is tried until it is stored, lets others go before, and stands over what others took for the end."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from playground.editor.start.starting import order_for
from playground.live.ends import Ends, store_end
from playground.live.outcome.outcomes import ErrorDetails, RunOutcome
from playground.live.outcome.tokens import Tokens
from playground.live.progress import Progress
from playground.live.reaper import reap
from playground.live.saver import save_texts, save_what_fits
from playground.models import LEASE, Run, RunState, StopCause
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from usage.models import LimiterWindow, LocalUsage

LATE = NOON + timedelta(seconds=16)
ENDED = RunOutcome(RunState.COMPLETED, answer="All of it.", tokens=Tokens(9, 3, is_reported=True))
ODD = "\0 and half a \ud83d"


class Away:
    """A database that is away for its first calls."""

    def __init__(self, failures: int) -> None:
        self.failures, self.calls = failures, 0

    def __call__(self) -> None:
        self.calls += 1
        if self.calls <= self.failures:
            raise OperationalError("the database is away")


async def test_an_end_is_tried_until_it_is_stored() -> None:
    ends, away = Ends(pause_seconds=0.001), Away(3)
    await ends.store(uuid4(), away)
    assert away.calls == 4


async def test_who_is_stopped_tries_at_once() -> None:
    ends, away = Ends(pause_seconds=3_600), Away(3)
    ends.hurry()
    async with asyncio.timeout(60):
        await ends.store(uuid4(), away)
    assert away.calls == 4


async def test_an_end_that_fails_for_ever_lets_the_others_go_before() -> None:
    ends, stuck, well = Ends(pause_seconds=0.001), Away(1_000_000), Away(0)
    waiting = asyncio.create_task(ends.store(uuid4(), stuck))
    async with asyncio.timeout(30):
        for _ in range(20):
            await ends.store(uuid4(), well)
    assert not waiting.done()
    waiting.cancel()


def test_the_true_end_stands_over_that_of_a_process_that_seemed_lost(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, answer="All")
    order = order_for(run, cast.key, [])
    order.spending.reserve()
    assert reap(Run.objects.all(), LATE) == 1
    assert not LocalUsage.objects.get().is_reported
    for _ in range(2):
        store_end(order, ENDED)
    run.refresh_from_db()
    assert (run.state, run.answer, run.stop_cause) == (RunState.COMPLETED, "All of it.", "")
    assert (run.error_message, run.completion_tokens) == ("", 3)
    line = LocalUsage.objects.get()
    assert (line.completion_tokens, line.is_reported) == (3, True)
    assert LimiterWindow.objects.get().holds == {}


def test_a_true_end_that_spent_nothing_takes_the_estimate_back(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    reap(Run.objects.all(), LATE)
    store_end(order_for(run, cast.key, []), RunOutcome(RunState.FAILED, error=ErrorDetails("authentication")))
    run.refresh_from_db()
    assert (run.state, run.prompt_tokens) == (RunState.FAILED, None)
    assert not LocalUsage.objects.exists()


def test_who_pressed_stop_is_known_of_a_run_that_seemed_lost(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    reap(Run.objects.all(), LATE)
    store_end(order_for(run, cast.key, []), RunOutcome(RunState.STOPPED, stopped_by=cast.alice.pk))
    run.refresh_from_db()
    assert (run.state, run.stop_cause, run.stopped_by) == (RunState.STOPPED, StopCause.MEMBER, cast.alice)


def test_who_asked_first_stays_who_stopped_it(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    run.request_stop(cast.bob)
    store_end(order_for(run, cast.key, []), RunOutcome(RunState.STOPPED, stopped_by=cast.alice.pk))
    run.refresh_from_db()
    assert run.stopped_by == cast.bob


def test_an_erased_run_that_seemed_lost_gets_no_words_back(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    reap(Run.objects.all(), LATE)
    Run.objects.update(erased_at=LATE, answer="")
    store_end(order_for(run, cast.key, []), ENDED)
    run.refresh_from_db()
    assert (run.state, run.answer) == (RunState.COMPLETED, "")


def test_a_run_that_goes_on_is_taken_back_from_whoever_ended_it(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, answer="half")
    reap(Run.objects.all(), LATE)
    saved = save_texts([], LATE, [run.pk])
    run.refresh_from_db()
    assert saved.live == {run.pk}
    assert (run.state, run.stop_cause, run.finished_at) == (RunState.RUNNING, "", None)
    assert run.lease_expires_at == LATE + LEASE
    assert not LocalUsage.objects.exists()


def test_leases_are_renewed_of_what_is_carried_out_alone(make_run: MakeRun) -> None:
    mine, left = make_run(state=RunState.RUNNING), make_run(state=RunState.QUEUED)
    assert save_texts([], LATE, [mine.pk]).live == {mine.pk}
    assert list(Run.objects.lost(LATE)) == [left]


def test_what_no_database_takes_is_replaced(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    error = ErrorDetails("server_error", message=ODD, body=ODD, code=ODD)
    odd = replace(ENDED, answer=ODD, finish_reason=ODD, request_id=ODD, error=error, headers={"x-odd": ODD})
    store_end(order_for(run, cast.key, []), odd)
    run.refresh_from_db()
    assert run.answer == run.error_message == run.response_headers["x-odd"] == "\ufffd and half a \ufffd"


def refuse(condition: str) -> None:
    """Let the database refuse rows of runs, as one with rules of its own would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON playground_run "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )


def test_an_end_is_stored_without_what_the_database_refuses(cast: Cast, make_run: MakeRun) -> None:
    refuse("NEW.request_id = 'poison'")
    run = make_run(state=RunState.RUNNING)
    store_end(order_for(run, cast.key, []), replace(ENDED, request_id="poison"))
    run.refresh_from_db()
    assert (run.state, run.answer, run.request_id) == (RunState.COMPLETED, "All of it.", "")
    assert LocalUsage.objects.get().completion_tokens == 3


def test_an_answer_that_the_database_refuses_does_not_cost_the_end(cast: Cast, make_run: MakeRun) -> None:
    refuse("NEW.text LIKE '%poison%'")
    run = make_run(state=RunState.RUNNING)
    store_end(order_for(run, cast.key, []), replace(ENDED, answer="poison"))
    run.refresh_from_db()
    assert (run.state, run.answer, run.completion_tokens) == (RunState.COMPLETED, "", 3)
    assert "does not take" in run.error_message


def test_a_text_that_is_refused_does_not_keep_the_others(make_run: MakeRun) -> None:
    refuse("NEW.text LIKE '%poison%'")
    bad, good = make_run(state=RunState.RUNNING), make_run(state=RunState.RUNNING)
    saved = save_what_fits([Progress(bad.pk, "poison"), Progress(good.pk, "well")], LATE, [bad.pk, good.pk])
    assert (saved.live, saved.missed) == ({bad.pk, good.pk}, {bad.pk})
    assert Run.objects.get(pk=good.pk).answer == "well"


@pytest.mark.django_db(transaction=True)  # who a key belongs to is checked at the commit
def test_a_key_that_was_deleted_meanwhile_costs_no_end(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order = order_for(run, cast.key, [])
    cast.key.delete()
    store_end(order, ENDED)
    assert Run.objects.get().state == RunState.COMPLETED
    assert LocalUsage.objects.get().key is None


def test_a_run_that_took_its_place_was_sent(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.QUEUED)
    order_for(run, cast.key, []).spending.reserve()
    reap(Run.objects.all(), LATE)
    line = LocalUsage.objects.get(run=run.pk)
    assert line.prompt_tokens > 0
    assert (line.completion_tokens, line.is_reported) == (0, False)


def test_a_run_that_took_no_place_was_not_sent(make_run: MakeRun) -> None:
    make_run(state=RunState.QUEUED)
    reap(Run.objects.all(), LATE)
    assert not LocalUsage.objects.exists()

"""The end of a run is stored with what it spent, and frees what it held."""

from playground.editor.starting import order_for
from playground.live.outcomes import RunOutcome, Tokens
from playground.live.reaper import reap
from playground.live.runner import store_end
from playground.models import Run, RunState
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from usage.models import LimiterWindow, LocalUsage

SPENT = Tokens(9, 3, is_reported=True)


def held() -> list[str]:
    """Return the runs that hold tokens of the key."""
    return list(LimiterWindow.objects.get().holds)


def test_what_a_run_spent_is_counted_once(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order = order_for(run, cast.key)
    for state in (RunState.COMPLETED, RunState.STOPPED):
        store_end(order, RunOutcome(state, tokens=SPENT))
    line = LocalUsage.objects.get(run=run.pk)
    assert (line.team, line.key, line.prompt_tokens, line.completion_tokens) == (cast.team, cast.key, 9, 3)
    assert Run.objects.get().state == RunState.COMPLETED


def test_a_run_that_ends_gives_back_what_it_held(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order = order_for(run, cast.key)
    assert order.spending.reserve() is None
    assert held() == [str(run.pk)]
    store_end(order, RunOutcome(RunState.COMPLETED, tokens=SPENT))
    assert held() == []


def test_a_lost_run_gives_back_what_it_held(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order_for(run, cast.key).spending.reserve()
    reap(Run.objects.all(), NOON.replace(hour=13))
    assert held() == []

"""The end of a run is stored with what it spent, and frees what it held."""

from dataclasses import replace
from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps

from playground.editor.start.starting import order_for
from playground.live.ends import store_end
from playground.live.outcome.outcomes import RunOutcome
from playground.live.outcome.spending import Spender
from playground.live.outcome.tokens import Tokens
from playground.live.reaper import reap
from playground.models import Run, RunState
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from usage.models import LimiterWindow, LocalUsage

SPENT = Tokens(9, 3, is_reported=True)
ENDED = RunOutcome(RunState.COMPLETED, tokens=SPENT)


def held() -> list[str]:
    """Return the runs that hold tokens of the key."""
    return list(LimiterWindow.objects.get().holds)


def test_what_a_run_spent_is_counted_once(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order = order_for(run, cast.key, [])
    for state in (RunState.COMPLETED, RunState.STOPPED):
        store_end(order, RunOutcome(state, tokens=SPENT))
    line = LocalUsage.objects.get(run=run.pk)
    assert (line.team, line.key, line.prompt_tokens, line.completion_tokens) == (cast.team, cast.key, 9, 3)
    assert Run.objects.get().state == RunState.COMPLETED


def test_who_spent_is_known_when_the_person_is_gone(cast: Cast, make_run: MakeRun) -> None:
    run, bob = make_run(state=RunState.RUNNING), cast.bob.pk
    store_end(order_for(run, cast.key, []), ENDED)
    cast.bob.delete()
    line = LocalUsage.objects.get()
    assert (line.member_id, line.source, line.prompt_tokens) == (bob, LocalUsage.Source.PLAYGROUND, 9)


def test_a_lost_run_s_tokens_are_its_author_s(cast: Cast, make_run: MakeRun) -> None:
    make_run(author=cast.alice, state=RunState.RUNNING)
    reap(Run.objects.all(), NOON.replace(hour=13))
    assert LocalUsage.objects.get().member_id == cast.alice.pk


def test_whose_tokens_earlier_runs_were_is_filled_from_them(
    cast: Cast, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = import_module("playground.migrations.0002_fill_members_of_local_usage")
    monkeypatch.setattr(fill, "BATCH", 2)
    runs = [make_run(author=author) for author in (cast.alice, cast.bob, cast.bob)]
    for run in (uuid4(), *(run.pk for run in runs)):
        replace(Spender.of(runs[0]), run_id=run, member_id=None).record(ENDED)
    fill.fill(apps, None)
    members = LocalUsage.objects.order_by("pk").values_list("member_id", flat=True)
    assert list(members) == [None, cast.alice.pk, cast.bob.pk, cast.bob.pk]


def test_a_run_that_ends_gives_back_what_it_held(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order = order_for(run, cast.key, [])
    assert order.spending.reserve() is None
    assert held() == [str(run.pk)]
    store_end(order, ENDED)
    assert held() == []


def test_a_lost_run_gives_back_what_it_held(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order_for(run, cast.key, []).spending.reserve()
    reap(Run.objects.all(), NOON.replace(hour=13))
    assert held() == []

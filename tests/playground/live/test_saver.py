"""Live runs are saved together, keep their lease, and end when their author or key may no longer."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from playground.live.progress import Progress
from playground.live.runner import LiveRun, Runner
from playground.live.saver import Saved, Saver, erased_of, forbidden, save_texts
from playground.models import LEASE, Run, RunState
from teams.models import Key, Membership, Role
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun
from tests.playground.live.scripted import order


def test_it_writes_texts_and_renews_leases_in_four_queries(
    make_run: MakeRun, django_assert_max_num_queries
) -> None:
    runs = [make_run(state=RunState.QUEUED) for _ in range(50)]
    later = NOON + timedelta(seconds=1)
    with django_assert_max_num_queries(6):
        saved = save_texts(
            [Progress(run.pk, f"text {run.turn}") for run in runs], later, [run.pk for run in runs]
        )
    assert saved.live == {run.pk for run in runs}
    runs[0].refresh_from_db()
    assert (runs[0].answer, runs[0].state, runs[0].started_at) == ("text 1", RunState.RUNNING, later)
    assert not Run.objects.exclude(lease_expires_at=later + LEASE).exists()


def test_a_run_that_waits_keeps_its_lease_and_its_state(make_run: MakeRun) -> None:
    run = make_run(state=RunState.QUEUED)
    for second in range(60):
        now = NOON + timedelta(seconds=second)
        assert not Run.objects.lost(now).exists()
        save_texts([], now, [run.pk])
    run.refresh_from_db()
    assert (run.state, run.lease_expires_at) == (RunState.QUEUED, now + LEASE)


def test_an_ended_run_is_not_written_to_and_is_missed(make_run: MakeRun) -> None:
    run = make_run(state=RunState.STOPPED, answer="kept")
    assert save_texts([Progress(run.pk, "late")], NOON, [run.pk]).live == set()
    run.refresh_from_db()
    assert run.answer == "kept"


def test_it_learns_who_asked_to_stop(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    other = make_run(state=RunState.RUNNING)
    run.request_stop(run.author)
    assert save_texts([], NOON, [run.pk, other.pk]).stopping == {run.pk}


async def test_a_run_that_somebody_else_ended_is_interrupted() -> None:
    kept, stopped, _ = lives = [LiveRun(order()) for _ in range(3)]
    for live in lives:
        live.task = asyncio.create_task(asyncio.sleep(3_600))
    saver = Saver(Runner())
    saver._obey({live.id: live for live in lives}, Saved({kept.id, stopped.id}, {stopped.id}))
    endings = [live._ending and live._ending.state for live in lives]
    assert endings == [None, RunState.STOPPED, RunState.INTERRUPTED]
    kept.task.cancel()


def test_runs_of_other_processes_are_theirs(make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, owner="elsewhere")
    assert save_texts([], NOON + timedelta(minutes=1), [run.pk]).live == set()
    run.refresh_from_db()
    assert run.lease_expires_at == NOON + LEASE


def leave(cast: Cast) -> None:
    Membership.objects.filter(user=cast.bob).delete()


def become_viewer(cast: Cast) -> None:
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)


def retire_key(cast: Cast) -> None:
    Key.objects.update(status=Key.Status.RETIRED)


def reserve_key_for_others(cast: Cast) -> None:
    Key.objects.update(only_spenders=True)
    cast.key.spenders.add(Membership.objects.get(user=cast.alice))


def erase_secret(cast: Cast) -> None:
    Key.objects.update(ciphertext=b"")


def delete_key(cast: Cast) -> None:
    cast.key.delete()


def delete_author(cast: Cast) -> None:
    cast.bob.delete()


CHANGES = [leave, become_viewer, retire_key, reserve_key_for_others, erase_secret, delete_key, delete_author]


@pytest.mark.parametrize("change", CHANGES)
def test_who_may_no_longer_spend_is_found_in_one_query(
    cast: Cast, make_run: MakeRun, django_assert_num_queries, change
) -> None:
    run = make_run(state=RunState.RUNNING)
    with django_assert_num_queries(1):
        assert forbidden() == []
    change(cast)
    assert forbidden() == [run.pk]
    assert Run.objects.get().is_live()


def test_runs_without_words_are_found_in_one_query(make_run: MakeRun, django_assert_num_queries) -> None:
    kept, erased, deleted = make_run(), make_run(erased_at=NOON), uuid4()
    with django_assert_num_queries(1):
        assert erased_of([kept.pk, erased.pk, deleted]) == [erased.pk, deleted]

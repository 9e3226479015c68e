"""The index has the words of runs from their ends until they are erased, in whichever way that happens."""

from datetime import timedelta

import pytest

from common.jobs import worker
from common.models import Job
from playground.editor.start.starting import order_for
from playground.history.erasing import clear_half_erased, erase
from playground.history.rating import Outcome, rate
from playground.history.retention import forget_due
from playground.live.ends import store_end
from playground.live.outcome.outcomes import RunOutcome
from playground.live.reaper import reap
from playground.models import Rating, Run, RunState, SearchText
from playground.search import filling, index
from playground.search.finding import find
from playground.search.questions import Question
from teams.keys import deeds as keys
from teams.members import deeds as members
from teams.models import Membership, Team
from teams.permissions import Access
from teams.team import life
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun


def access(cast: Cast, name: str) -> Access:
    return Access(cast.team, Membership.objects.get(team=cast.team, user=getattr(cast, name)), "")


def found(cast: Cast, typed: str) -> int:
    return len(find(cast.team, Question.read(typed), 10))


@pytest.fixture
def kept(cast: Cast, make_run: MakeRun) -> Run:
    """A run of Bob's that is in the index, with a note on it."""
    run = make_run(answer="Strange quarks", created_at=NOON - timedelta(days=40))
    rate(run, cast.alice, "up", "Noteworthy")
    assert found(cast, "quarks noteworthy") == 1
    return run


def is_gone(cast: Cast) -> bool:
    return not SearchText.objects.exists() and not Rating.objects.exists() and found(cast, "quarks") == 0


def test_the_end_of_a_run_puts_its_words_there(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, message="A question")
    outcome = RunOutcome(RunState.COMPLETED, answer="An answer", reasoning="Hm")
    store_end(order_for(run, cast.key, []), outcome)
    assert SearchText.objects.get().words == " a question ‖ an answer ‖ hm ‖ ‖ ‖ "


def test_a_run_that_was_lost_is_there_with_what_had_arrived(cast: Cast, make_run: MakeRun) -> None:
    make_run(state=RunState.RUNNING, owner="gone", answer="Half an answer", lease_expires_at=NOON)
    reap(Run.objects.all(), NOON + timedelta(minutes=1))
    assert found(cast, "half") == 1


def test_a_deleted_run_is_gone(cast: Cast, kept: Run) -> None:
    erase(kept)
    assert is_gone(cast)


def test_what_is_too_old_is_gone(cast: Cast, kept: Run) -> None:
    Team.objects.filter(pk=cast.team.pk).update(keep_prompts_days=30)
    forget_due(NOON)
    assert is_gone(cast)


def test_who_leaves_takes_it_along(cast: Cast, kept: Run) -> None:
    members.leave(access(cast, "bob"))
    assert is_gone(cast)


def test_a_retired_key_takes_it_along(cast: Cast, kept: Run) -> None:
    keys.retire(access(cast, "alice"), cast.key.pk)
    assert is_gone(cast)


def test_a_deleted_team_takes_it_along(cast: Cast, kept: Run) -> None:
    life.delete_team(access(cast, "alice"))
    assert is_gone(cast)


def test_rows_that_go_in_a_cascade_take_it_along(cast: Cast, kept: Run) -> None:
    kept.conversation.delete()
    assert is_gone(cast)


def test_what_the_version_before_erased_is_cleared(cast: Cast, kept: Run) -> None:
    Run.objects.filter(pk=kept.pk).update(erased_at=NOON, answer="", message="")
    clear_half_erased()
    assert not SearchText.objects.exists()


def test_erased_while_it_went_on_it_never_comes_there(cast: Cast, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING)
    order = order_for(run, cast.key, [])
    Run.objects.filter(pk=run.pk).update(erased_at=NOON)
    store_end(order, RunOutcome(RunState.STOPPED, answer="Secret"))
    assert not SearchText.objects.exists()


def test_nothing_is_noted_on_what_was_erased(cast: Cast, kept: Run) -> None:
    erase(kept)
    assert rate(kept, cast.bob, "up", "Still here") is Outcome.GONE
    assert is_gone(cast)


def test_runs_of_before_are_added_by_a_long_job(
    cast: Cast, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "BATCH", 2)
    for number in range(5):
        make_run(message=f"Old one {number}", created_at=NOON + timedelta(minutes=number))
    make_run(message="Old but erased", erased_at=NOON)
    make_run(message="Old and alive", state=RunState.RUNNING)
    assert found(cast, "one") == 0
    assert filling.start_missing(NOON) == 1
    assert "still being added" in cast.client("bob").get("/t/acme/playground/runs/?q=one").text
    worker.work()
    assert found(cast, "one") == SearchText.objects.count() == 5
    job = Job.objects.get()
    assert (job.is_done, job.done) == (True, 5)
    assert filling.start_missing(NOON) == 0
    assert filling.start_missing(NOON + filling.EVERY) == 0


def test_a_run_is_kept_once_however_often_it_is_put(cast: Cast, kept: Run) -> None:
    index.put(Run.objects.all())
    index.put(Run.objects.all())
    assert found(cast, "quarks") == SearchText.objects.count() == 1

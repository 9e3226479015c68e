"""So many runs go on at once and no more: of a person, of a team, in a web process."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from playground.editor.start.starting import CannotStart, Start, Wish, start
from playground.live.runner import runner
from playground.models import LEASE, Conversation, Run, RunState
from teams.models import Membership, User
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun


@pytest.fixture(autouse=True)
def few(settings) -> None:
    settings.LIVE_RUNS_PER_PERSON, settings.LIVE_RUNS_PER_TEAM, settings.LIVE_RUNS_PER_PROCESS = 2, 3, 5


@pytest.fixture
def held(make_run: MakeRun):
    """Save a live run of another process."""

    def make(author: User, **fields: object) -> Run:
        fields = {"owner": "another process", "lease_expires_at": timezone.now() + LEASE} | fields
        return make_run(author=author, state=RunState.RUNNING, **fields)

    return make


def press(cast: Cast, who: User, **fields: Any) -> Start:
    wish = Wish(Membership.objects.get(user=who), cast.key, uuid4(), "rax-4.0", {}, "", "Hi")
    return start(replace(wish, **fields))


def test_a_person_s_next_run_waits_for_one_of_theirs(cast: Cast) -> None:
    first = press(cast, cast.bob).run
    press(cast, cast.bob)
    with pytest.raises(CannotStart, match=r"You have 2 live runs.*wait for one of yours to end"):
        press(cast, cast.bob)
    assert (Run.objects.count(), Conversation.objects.count()) == (2, 2)
    Run.objects.filter(pk=first.pk).end(RunState.COMPLETED)
    assert press(cast, cast.bob).order


def test_runs_in_other_teams_are_theirs_too(cast: Cast, held) -> None:
    for _ in range(2):
        held(cast.bob, team=cast.other_team)
    with pytest.raises(CannotStart, match="one of yours"):
        press(cast, cast.bob)
    assert press(cast, cast.alice).order


def test_a_team_s_next_run_waits_for_one_of_the_team(cast: Cast, held) -> None:
    held(cast.alice)
    held(cast.alice)
    held(cast.adam)
    with pytest.raises(CannotStart, match=r"Your team has 3 live runs.*wait for one of them"):
        press(cast, cast.bob)


def test_a_process_is_full_whoever_filled_it(cast: Cast) -> None:
    from playground.live.storage import OWNER

    for _ in range(5):
        conversation = Conversation.objects.create(team=cast.other_team)
        Run.objects.create(
            team=cast.other_team,
            conversation=conversation,
            model="m",
            owner=OWNER,
            lease_expires_at=timezone.now() + LEASE,
        )
    with pytest.raises(CannotStart, match="This server has 5 live runs"):
        press(cast, cast.bob)


def test_runs_of_a_process_that_went_away_block_nobody(cast: Cast, held) -> None:
    for _ in range(3):
        held(cast.bob, lease_expires_at=NOON)
    assert press(cast, cast.bob).order


def test_a_second_press_is_answered_with_its_run_though_all_places_are_taken(cast: Cast) -> None:
    key = uuid4()
    run = press(cast, cast.bob, idempotency_key=key).run
    press(cast, cast.bob)
    assert press(cast, cast.bob, idempotency_key=key).run == run


def test_the_refusal_keeps_what_was_typed(cast: Cast, held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "takes_runs", True)
    for _ in range(2):
        held(cast.bob, lease_expires_at=timezone.now() + 100 * LEASE)
    form = {"idempotency_key": str(uuid4()), "message": "A long thought", "model": "rax-4.0"}
    for headers in ({}, {"HX-Request": "true"}):
        page = cast.client("bob").post("/t/acme/playground/start/", form, headers=headers).text
        assert "wait for one of yours to end" in page
        assert ("A long thought" in page) == (not headers)  # a page that stays keeps its form
    assert Run.objects.count() == 2


def test_live_runs_are_found_by_their_index(cast: Cast) -> None:
    assert "run_live" in Run.objects.lost(NOON).explain()
    assert "run_live" in Run.objects.owned_by("x").explain()

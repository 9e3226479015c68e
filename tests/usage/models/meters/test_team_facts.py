"""The facts of a team are the same, asked at once or composed each time."""

from datetime import timedelta
from typing import Any

import pytest

from common.database.together import read
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import answer, make_meter
from usage.books.ingest import store
from usage.models import Meter
from usage.models.meters.team_facts import facts_of_team

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.mark.parametrize("days", [0, 1])
def test_they_are_those_of_its_meters_at_any_time(cast: Cast, days: int) -> None:
    meters = [make_meter(key, NOON) for key in (cast.key, make_key(cast.team, cast.alice, "Late"))]
    store([answer(meters[0], NOON, {"rax": (7, 1)}, *PERIOD)])
    now = NOON + days * DAY
    found = read(facts_of_team(cast.team, now))
    assert found == Meter.objects.for_team(cast.team).facts(now)
    assert (found.count, found.told) == (2, 1)
    assert found.late == bool(days)
    polled = read(facts_of_team(cast.team, now, NOON + DAY))
    assert polled == Meter.objects.for_team(cast.team).facts(now, NOON + DAY)


def test_they_are_nobody_elses(cast: Cast) -> None:
    make_meter(cast.key, NOON)
    assert read(facts_of_team(cast.team, NOON)).count == 1
    cast.team.pk += 1
    assert read(facts_of_team(cast.team, NOON)).count == 0


def test_meters_that_were_watched_alike_are_told_together_whatever_is_so_of_each(cast: Cast) -> None:
    states: list[dict[str, Any]] = [
        {},
        {"is_exact": False, "untold": "requests"},
        {"missed_polls": 3, "next_poll_at": NOON + DAY},
        {"status": Meter.Status.NO_USAGE},
        {"unread_parts": "a name", "fallen_tokens": 7, "is_held": True},
    ]
    since, until = NOON - 2 * DAY, NOON - DAY
    for number, state in enumerate(states):
        meter = make_meter(make_key(cast.team, cast.alice, f"Key {number}"), NOON + DAY)
        watched = {"watched_from": since, "watched_until": until, "asked_at": until}
        Meter.objects.filter(pk=meter.pk).update(**watched, **state)
    found = read(facts_of_team(cast.team, NOON))
    assert set(found.spans) == {(since, None, 4), (since, until, 1)}
    assert (found.count, found.told, found.polled, found.expected, found.late) == (5, 5, 4, 3, 1)
    assert (found.troubled, found.inexact, found.held, found.partly_read) == (2, 1, 1, 1)
    assert (found.unmetered, found.fallen, found.untold, found.behind) == (1, 1, {"requests"}, 0)
    assert (found.as_of, found.late_since, found.last_answer) == (until, until, until)

"""The menu marks what needs a look, for whoever is on another page of the team, and for nobody else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from teams.models import Key, Team
from tests.cast import Cast
from tests.usage.conftest import make_key
from usage.models import Meter

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def dots(cast: Cast, team: str = "acme", person: str = "alice") -> list[tuple[str, str, str]]:
    """Entry, colour and words of each dot in the menu."""
    menu = cast.client(person).get(f"/t/{team}/models/").text.partition("<main")[0]
    found = r'<span>(\w+)</span><span class="dot dot-(\w+)" title="[^"]+" aria-hidden="true"></span>'
    return re.findall(found + r'<span class="visually-hidden">: ([^<]+)</span>', menu)


def watch(team: Team, share: float, told_ago: timedelta = timedelta(0), **fields: Any) -> Meter:
    """A key of which a poll told how near its nearest limit is."""
    key = make_key(team, f"Key of {share}", "https://api.example.com/v1")
    at = timezone.now()
    times = {"next_poll_at": at + DAY, "watched_from": at - 3 * DAY, "watched_until": at - told_ago}
    return Meter.objects.create(team=team, key=key, name=key.name, limit_share=share, **times | fields)


def test_a_quiet_team_has_none(cast: Cast) -> None:
    watch(cast.team, 0.79)
    assert dots(cast) == []


def test_a_key_near_its_limit_is_amber_and_one_past_it_red(cast: Cast) -> None:
    watch(cast.team, 0.8)
    assert dots(cast) == [("Quota", "warn", "a key is near a limit")]
    watch(cast.team, 1.0)
    assert dots(cast) == [("Quota", "bad", "a key has used up a limit")]


def test_a_key_that_runs_out_today_is_amber(cast: Cast) -> None:
    meter = watch(cast.team, 0.3, next_poll_at=timezone.now() + DAY, runs_out_at=timezone.now())
    assert dots(cast) == [("Quota", "warn", "a key runs out today")]
    Meter.objects.filter(pk=meter.pk).update(runs_out_at=timezone.now() + 2 * DAY)
    assert dots(cast) == []


def test_an_end_that_is_not_seen_any_more_marks_nothing(cast: Cast) -> None:
    watch(cast.team, 0.3, runs_out_at=timezone.now(), missed_polls=1)
    assert dots(cast) == []


def test_what_was_told_on_another_day_marks_nothing(cast: Cast) -> None:
    watch(cast.team, 1.0, told_ago=DAY)
    assert dots(cast) == []


def test_a_retired_key_marks_nothing(cast: Cast) -> None:
    watch(cast.team, 1.0)
    Key.objects.update(status=Key.Status.RETIRED)
    assert dots(cast) == []


def test_a_refused_key_is_red(cast: Cast) -> None:
    make_key(cast.team, "Refused", "https://api.example.com/v1").mark_refused("unknown")
    assert dots(cast) == [("Keys", "bad", "the provider refuses a key")]
    assert dots(cast, person="vera") == dots(cast)


def test_usage_that_is_not_seen_is_amber(cast: Cast) -> None:
    watch(cast.team, 0.1, missed_polls=3)
    assert dots(cast) == [("Usage", "warn", "the usage of a key is not seen")]


def test_a_server_that_tells_none_is_no_trouble(cast: Cast) -> None:
    watch(cast.team, 0.1, status=Meter.Status.NO_USAGE)
    assert dots(cast) == []


def test_another_teams_keys_mark_nothing(cast: Cast) -> None:
    watch(Team.objects.create(name="Elsewhere", slug="elsewhere"), 1.0)
    assert dots(cast) == []

"""Erase text when people, keys and teams go; the numbers stay. Within the transaction in which they go."""

from typing import Any

from django.utils import timezone

from playground.history.erasing import erase_all
from playground.models import Draft, Run
from teams import signals
from teams.models import Key, Team, User


def connect() -> None:
    """Hear the signals of `teams`."""
    signals.member_left.connect(forget_member)
    signals.key_retired.connect(forget_key)
    signals.team_deleted.connect(forget_team)


def forget_member(sender: Any, team: Team, user: User, **_: Any) -> None:
    """Erase what somebody who leaves has asked and was answered in this team."""
    erase_all(Run.objects.filter(team=team, author=user), timezone.now())
    Draft.objects.filter(team=team, author=user).delete()


def forget_key(sender: Any, key: Key, **_: Any) -> None:
    """Erase what was asked with a key that is gone."""
    erase_all(Run.objects.filter(key=key), timezone.now())


def forget_team(sender: Any, team: Team, **_: Any) -> None:
    """Erase all text of a team that is deleted."""
    erase_all(Run.objects.filter(team=team), timezone.now())
    Draft.objects.filter(team=team).delete()

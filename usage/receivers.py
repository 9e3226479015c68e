"""What follows here from what happens to a team."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from rax import Model, ModelList
from teams import signals
from teams.models import Key, Team, User
from usage.books.rollups import zone_change
from usage.catalogue.answers import take_answer
from usage.models import Note, SavedView
from usage.quota import limiter
from usage.quota.standing import keep_standings


def connect() -> None:
    """Hear of teams."""
    signals.zone_changed.connect(write_days_anew)
    signals.models_listed.connect(take_list)
    signals.secret_replaced.connect(end_pause)
    signals.limits_changed.connect(stand_anew)
    signals.team_deleted.connect(erase_texts)
    signals.member_left.connect(forget_views)


def write_days_anew(team: Team, by: User, **_: Any) -> None:
    """Let a long job write the team's days in its new zone; what was noted of days stays with them."""
    zone_change.start(team, by=str(by), by_id=by.pk)
    Note.objects.move_days(team)


def erase_texts(team: Team, **_: Any) -> None:
    """Erase what people wrote for a team that is deleted; its numbers stay."""
    Note.objects.filter(team=team).delete()
    SavedView.objects.filter(team=team).delete()


def forget_views(team: Team, user: User, **_: Any) -> None:
    """Delete the views that somebody who leaves kept for themselves: nobody else has ever seen them."""
    SavedView.objects.filter(team=team, owner=user).delete()


def end_pause(key: Key, **_: Any) -> None:
    """Let a key with another secret be used at once, whatever pause the one before was asked for."""
    limiter.unblock(key.pk)


def stand_anew(keys: Sequence[Key], **_: Any) -> None:
    """Let keys with other limits stand where these put them: their next polls come later."""
    keep_standings(keys, timezone.now())


def take_list(key: Key, models: Sequence[Model] | ModelList, **_: Any) -> None:
    """Note what a key is offered as soon as anybody was told: its first poll comes later."""
    take_answer(key.team, key, models, timezone.now())

"""Save, change, order, delete and bring back views: everybody their own, and those of the team who may."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from teams import audit
from teams.acts import Act
from teams.changes import Refused, change
from teams.models import Membership
from teams.permissions import Access
from usage.acts import UsageAct
from usage.models import SavedView, SavedViewQuerySet

MOST_VIEWS = 50
TAKEN = {True: "The team has a view of this name already.", False: "You have a view of this name already."}
FULL = {
    True: f"The team has {MOST_VIEWS} views, the most there can be. Delete one first.",
    False: f"You have {MOST_VIEWS} views, the most there can be. Delete one first.",
}


class Deed(models.TextChoices):
    """What was done to the team's start page, in words that follow a person's name."""

    START_CHOSEN = "view.start_chosen", "made the team's start page:"
    START_DROPPED = "view.start_dropped", "took back as the team's start page:"


def find(member: Membership, view_id: int) -> SavedView:
    """Return a view that a member has; 404 otherwise."""
    return get_object_or_404(SavedView.objects.for_member(member).kept(), pk=view_id)


def act_of(*, is_of_team: bool) -> Act:
    """What somebody must be allowed to change such a view."""
    return UsageAct.SHARE_VIEWS if is_of_team else UsageAct.KEEP_VIEWS


@contextmanager
def changing(access: Access, view_id: int, act: Act | None = None) -> Iterator[tuple[Membership, SavedView]]:
    """Run a change of a view; yield who makes it and the view as it is now. `act` is what it takes, where
    that is more than changing the view.
    """
    act = act or act_of(is_of_team=find(access.membership, view_id).is_of_team)
    access.require(act)
    with change(access, act) as actor:
        yield actor, find(actor, view_id)


def save(access: Access, name: str, query: str, *, is_of_team: bool) -> SavedView:
    """Keep a question under a new name, last in its list. Raises `Refused` where the name or the room is
    taken.
    """
    act = act_of(is_of_team=is_of_team)
    access.require(act)
    with change(access, act) as actor:
        view = SavedView(team=actor.team, owner=None if is_of_team else actor.user, query=query)
        view.call(name)
        _append(view)
    return view


def rename(access: Access, view_id: int, name: str) -> SavedView:
    """Give a view another name. Raises `Refused` where that is taken."""
    with changing(access, view_id) as (_, view):
        view.call(name)
        _write(view, "name", "folded_name")
    return view


def update(access: Access, view_id: int, query: str) -> SavedView:
    """Let a view ask another question."""
    with changing(access, view_id) as (_, view):
        view.query, view.saved_at = query, timezone.now()
        view.save(update_fields=["query", "saved_at"])
    return view


def move(access: Access, view_id: int, by: int) -> SavedView:
    """Move a view by one place, up (-1) or down (1); at the end of its list nothing changes."""
    with changing(access, view_id) as (_, view):
        views = list(SavedView.objects.beside(view))
        place = views.index(view)
        if 0 <= place + by < len(views):
            views.insert(place + by, views.pop(place))
        for number, each in enumerate(views):
            each.place = number
        SavedView.objects.bulk_update(views, ["place"])
    return view


def delete(access: Access, view_id: int) -> SavedView:
    """Take a view away; for a day it can be brought back."""
    with changing(access, view_id) as (_, view):
        view.deleted_at = timezone.now()
        view.save(update_fields=["deleted_at"])
    return view


def restorable(member: Membership) -> SavedViewQuerySet:
    """Return the views that a member had and that can be brought back."""
    return SavedView.objects.for_member(member).restorable(timezone.now())


def restore(access: Access, view_id: int) -> SavedView:
    """Bring a deleted view back, where it stood; as the start page, unless another one is that now.

    Raises `Refused` where its name or its room is taken.
    """
    gone = get_object_or_404(restorable(access.membership), pk=view_id)
    act = act_of(is_of_team=gone.is_of_team)
    access.require(act)
    with change(access, act) as actor:
        view = get_object_or_404(restorable(actor), pk=view_id)
        is_start = view.is_start and not SavedView.objects.beside(view).filter(is_start=True).exists()
        view.deleted_at, view.is_start = None, is_start
        _require_room(view)
        _write(view, "deleted_at", "is_start")
    return view


def choose_start(access: Access, view_id: int, *, is_start: bool) -> SavedView:
    """Let the usage page open with a view, for the team or its owner; or no longer."""
    of_team = find(access.membership, view_id).is_of_team
    with changing(access, view_id, UsageAct.CHOOSE_START if of_team else None) as (actor, view):
        if view.is_start != is_start:
            SavedView.objects.beside(view).filter(is_start=True).update(is_start=False)
            view.is_start = is_start
            view.save(update_fields=["is_start"])
            if not of_team:
                _start_in_playground(actor, chosen=False)
            else:
                deed = Deed.START_CHOSEN if is_start else Deed.START_DROPPED
                audit.record(actor.team, deed, by=actor.user, about=view, ip=access.ip)
    return view


def start_in_playground(access: Access, *, chosen: bool) -> None:
    """Let a member begin in the playground, whatever the team starts with; or no longer."""
    with change(access, UsageAct.KEEP_VIEWS) as actor:
        if chosen:
            mine = SavedView.objects.for_member(actor).filter(owner=actor.user)
            mine.filter(is_start=True).update(is_start=False)
        _start_in_playground(actor, chosen=chosen)


def _start_in_playground(member: Membership, *, chosen: bool) -> None:
    member.starts_in_playground = chosen
    member.save(update_fields=["starts_in_playground"])


def _append(view: SavedView) -> None:
    """Save a new view behind the others of its list."""
    _require_room(view)
    last = SavedView.objects.beside(view).last()
    view.place = last.place + 1 if last else 0
    _write(view)


def _require_room(view: SavedView) -> None:
    if SavedView.objects.beside(view).count() >= MOST_VIEWS:
        raise Refused(FULL[view.is_of_team])


def _write(view: SavedView, *fields: str) -> None:
    """Save a view whose name the database compares with the others."""
    try:
        with transaction.atomic():
            view.save(update_fields=fields or None)
    except IntegrityError as taken:
        raise Refused(TAKEN[view.is_of_team]) from taken

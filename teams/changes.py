"""The frame of a privileged change: one transaction, the team locked, the actor's role read again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form

from teams.acts import Act
from teams.models import Membership, Team
from teams.permissions import Access


class Refused(Exception):
    """The change is not possible now; its text tells a person why."""


@contextmanager
def change(access: Access, act: Act) -> Iterator[Membership]:
    """Run a change of the team that `act` allows; yield the membership of who makes it, as it is now.

    Changes of one team wait for each other, so that two owners cannot remove one another at once. Raises
    `PermissionDenied` where the role was lost since the page was opened.
    """
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=access.team.pk)
        actor = Membership.objects.select_related("user", "team").filter(pk=access.membership.pk).first()
        if actor is None or not actor.may(act):
            raise PermissionDenied("Your role in this team has changed.")
        yield actor


def attempt[Done](form: Form, deed: Callable[[dict[str, Any]], Done], field: str | None) -> Done | None:
    """Do what a form asks for, by its cleaned data, and return what came of it.

    None where it is not valid, or the change is refused: why stands beside `field` then, above all without.
    """
    if not form.is_valid():
        return None
    try:
        return deed(form.cleaned_data)
    except Refused as refusal:
        form.add_error(field, str(refusal))
        return None

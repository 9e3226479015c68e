"""The frame of a privileged change: one transaction, the team locked, the actor's role read again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import transaction

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

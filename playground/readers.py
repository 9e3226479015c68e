"""Who reads streams now: admits them, counts them, and cuts them off when they may no longer read."""

import asyncio
from collections.abc import Container
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from playground import tickets
from playground.framing import CLOSED
from playground.storage import in_database
from playground.tickets import Ticket
from teams.models import Membership

STREAMS_PER_USER = 24


@dataclass(eq=False, slots=True)
class Reader:
    """One open event stream."""

    ticket: Ticket
    session_key: str
    task: asyncio.Task[bool] | None = None
    # The last bytes of the stream. It closes for good, unless the page is to come back.
    farewell: bytes = CLOSED

    def cut_off(self, farewell: bytes = b"") -> None:
        """End the stream with these last bytes; without any, the page will come back."""
        self.farewell = farewell
        if self.task:
            self.task.cancel()


class Readers:
    """The open streams of this process."""

    def __init__(self) -> None:
        self._readers: set[Reader] = set()
        self._is_open = True

    def open(self) -> None:
        """Admit readers."""
        self._is_open = True

    def close(self, but: Container[UUID] = ()) -> None:
        """Admit nobody any more and end all streams, but those of these runs. The pages will come back."""
        self._is_open = False
        for reader in list(self._readers):
            # At its end too: a server that stops could not answer what the page asks then.
            reader.farewell = b""
            if not any(run in but for run in reader.ticket.runs):
                reader.cut_off()

    def has_room(self, user_id: int) -> bool:
        """Tell whether this person may open one more stream."""
        mine = sum(1 for reader in self._readers if reader.ticket.user_id == user_id)
        return self._is_open and mine < STREAMS_PER_USER

    @property
    def refusal(self) -> bytes:
        """What a stream says that is not admitted; nothing where another server may admit it."""
        return CLOSED if self._is_open else b""

    async def admit(self, ticket_text: str, session_key: str) -> Reader | None:
        """Return the reader that this ticket makes in this session, or None where it counts for nothing."""
        ticket = tickets.read(ticket_text, session_key) if session_key else None
        if ticket is None or not self.has_room(ticket.user_id):
            return None
        if not await in_database(lambda: may_read(ticket, session_key)):
            return None
        return Reader(ticket, session_key) if self.has_room(ticket.user_id) else None

    def add(self, reader: Reader) -> None:
        """Count a reader in; one who comes while they are closed is sent elsewhere."""
        self._readers.add(reader)
        if not self._is_open:
            reader.cut_off()

    def remove(self, reader: Reader) -> None:
        """Count a reader out."""
        self._readers.discard(reader)

    async def check(self) -> None:
        """Cut off the readers who have signed out or left the team since they came."""
        checked = list(self._readers)
        if not checked:
            return
        sessions, members = await in_database(lambda: still_allowed(checked))
        for reader in checked:
            who = (reader.ticket.user_id, reader.ticket.team_id)
            if reader.session_key not in sessions or who not in members:
                reader.cut_off(CLOSED)


def may_read(ticket: Ticket, session_key: str) -> bool:
    """Tell whether the session is signed in as the ticket's user, who belongs to the ticket's team."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    if not user.is_authenticated or user.pk != ticket.user_id:
        return False
    return Membership.objects.filter(user=user.pk, team=ticket.team_id).exists()


def still_allowed(readers: list[Reader]) -> tuple[set[str], set[tuple[int, int]]]:
    """Return the live sessions and the (user, team) memberships of these readers: two queries for all."""
    keys = {reader.session_key for reader in readers}
    users = {reader.ticket.user_id for reader in readers}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    members = Membership.objects.filter(user__in=users).values_list("user_id", "team_id")
    return set(sessions.values_list("session_key", flat=True)), set(members)


readers = Readers()

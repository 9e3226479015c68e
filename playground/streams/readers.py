"""Who reads streams now: admits them, counts them, and cuts them off when they may no longer read."""

import asyncio
from collections.abc import Container
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db.models import QuerySet, UUIDField
from django.http import HttpRequest
from django.utils import timezone

from common.database.prepared import TEAM, USER, Given, Prepared
from playground.acts import PlaygroundAct
from playground.live.storage import in_database
from playground.models import Run
from playground.streams import tickets
from playground.streams.framing import CLOSED
from playground.streams.tickets import Ticket
from teams.models import Membership, User
from teams.sign_in.sessions import SessionStore

STREAMS_PER_USER = 24


RUN = Given("run", UUIDField())


@Prepared
def _members() -> QuerySet[Membership, Any]:
    """The place of a user in a team."""
    return Membership.objects.filter(user=USER, team=TEAM).values("role")


@Prepared
def _erased() -> QuerySet[Run, Any]:
    """A run, where its words were erased."""
    return Run.objects.filter(pk=RUN).exclude(erased_at=None).values("pk")


@dataclass(eq=False, slots=True)
class Reader:
    """One open event stream."""

    ticket: Ticket
    session_key: str
    # As it was when the session was found to be signed in.
    password_hash: str = field(default="", repr=False)
    task: asyncio.Task[None] | None = None
    # The last bytes of the stream. It closes for good, unless the page is to come back.
    farewell: bytes = CLOSED
    # When the page was given what it has not taken yet (`time.monotonic`).
    sending_since: float | None = None

    def is_stalled(self, seconds: float) -> bool:
        """Tell whether the page has taken nothing of a message for so long."""
        return self.sending_since is not None and monotonic() - self.sending_since >= seconds

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
        user = await in_database(lambda: find_reader(ticket, session_key))
        if user is None or not self.has_room(ticket.user_id):
            return None
        return Reader(ticket, session_key, user.password)

    def add(self, reader: Reader) -> None:
        """Count a reader in; one who comes while they are closed is sent elsewhere."""
        self._readers.add(reader)
        if not self._is_open:
            reader.cut_off()

    def remove(self, reader: Reader) -> None:
        """Count a reader out."""
        self._readers.discard(reader)

    async def check(self) -> None:
        """Cut off the readers who may no longer read, or may have to sign in again."""
        checked = list(self._readers)
        if not checked:
            return
        for reader, farewell in (await in_database(lambda: farewells(checked))).items():
            reader.cut_off(farewell)


def find_user(ticket: Ticket, session_key: str) -> User | None:
    """Return the ticket's user where the session is signed in as them, and they may see its team's runs."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User) or user.pk != ticket.user_id:
        return None
    places = _members.rows({USER.name: user.pk, TEAM.name: ticket.team_id})
    return user if any(place["role"] in PlaygroundAct.SEE_RUNS.roles for place in places) else None


def find_reader(ticket: Ticket, session_key: str) -> User | None:
    """Return the ticket's user, unless the words of one of its runs were erased.

    A log may hold those for a moment longer.
    """
    if any(_erased.rows({RUN.name: run}) for run in ticket.runs):
        return None
    return find_user(ticket, session_key)


def farewells(readers: list[Reader]) -> dict[Reader, bytes]:
    """Return whom to cut off, and with which last bytes, in two queries for all.

    Who signed out, left the team or was deactivated is out. Where the password changed, the session that
    changed it goes on and all others are out: the pages come back, and are admitted or not.
    """
    sessions, passwords = live_sessions(readers), passwords_of_members(readers)
    found = {}
    for reader in readers:
        password_hash = passwords.get((reader.ticket.user_id, reader.ticket.team_id))
        if reader.session_key not in sessions or password_hash is None:
            found[reader] = CLOSED
        elif password_hash != reader.password_hash:
            found[reader] = b""
    return found


def live_sessions(readers: list[Reader]) -> set[str]:
    """Return which of these readers' sessions there still are."""
    keys = {reader.session_key for reader in readers}
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(sessions.values_list("session_key", flat=True))


def passwords_of_members(readers: list[Reader]) -> dict[tuple[int, int], str]:
    """Return the password hashes of these readers who are active, by user and each of their teams."""
    users = {reader.ticket.user_id for reader in readers}
    members = Membership.objects.who_may(PlaygroundAct.SEE_RUNS).filter(user__in=users, user__is_active=True)
    return {
        (user, team): hashed for user, team, hashed in members.values_list("user", "team", "user__password")
    }


readers = Readers()

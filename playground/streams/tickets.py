"""Tickets open an event stream: signed, bound to a user, a session and runs, and as old as a run may get.

The page that shows a run issues one. It says what was allowed then; that the session still lives is
checked when the ticket is used, and while it is.
"""

import time
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "playground.stream"
# A run is stored a moment after it is over.
SETTLING_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may follow which runs of which team."""

    user_id: int
    team_id: int
    runs: tuple[UUID, ...]


def issue(ticket: Ticket, session_key: str, longest_seconds: int) -> str:
    """Return the ticket as text for an address, good for this session only, while a run may last so long."""
    runs, until = [run.hex for run in ticket.runs], int(time.time()) + longest_seconds + SETTLING_SECONDS
    content = [ticket.user_id, ticket.team_id, runs, until, fingerprint(session_key)]
    return signing.dumps(content, salt=SALT)


def read(text: str, session_key: str) -> Ticket | None:
    """Return what a ticket allows in this session; None where it is forged, too old, or of another one."""
    try:
        user_id, team_id, runs, until, session = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    if until < time.time() or not constant_time_compare(session, fingerprint(session_key)):
        return None
    return Ticket(user_id, team_id, tuple(UUID(run) for run in runs))


def fingerprint(session_key: str) -> str:
    """Return what stands for a session in an address, which may end up in somebody's log."""
    return salted_hmac(SALT, session_key, algorithm="sha256").hexdigest()[:32]

"""How many runs may go on at once: of a person, of a team, in this web process."""

from django.conf import settings
from django.db import connection
from django.utils import timezone

from playground.live.storage import OWNER
from teams.models import Membership

YOURS = (
    "You have {live} live runs, as many as one person may have. "
    "Nothing was sent: wait for one of yours to end, or stop one."
)
TEAMS = (
    "Your team has {live} live runs, as many as a team may have. "
    "Nothing was sent: wait for one of them to end, or stop one."
)
SERVERS = (
    "This server has {live} live runs, as many as it carries out at once. "
    "Nothing was sent: try again in a moment."
)
# Live runs that a process carries out which is there. By the ORM this costs as much as all else of a start.
COUNT = (
    "SELECT COUNT(*) FILTER (WHERE author_id = %s), COUNT(*) FILTER (WHERE team_id = %s), "
    "COUNT(*) FILTER (WHERE owner = %s) FROM playground_run "
    "WHERE state IN ('queued', 'running') AND lease_expires_at >= %s"
)
# First word of the names of our advisory locks on PostgreSQL.
LOCKS = 0x72756E73


def why_no_more(member: Membership) -> str:
    """Return why this member may not start one more run now, in their words; empty where they may.

    Ask it in the transaction that writes the run: until that ends, nobody else is told the same.
    """
    lock(f"person {member.user_id}", f"team {member.team_id}", f"process {OWNER}")
    yours, teams, servers = count(member)
    limits = (
        (YOURS, yours, settings.LIVE_RUNS_PER_PERSON),
        (TEAMS, teams, settings.LIVE_RUNS_PER_TEAM),
        (SERVERS, servers, settings.LIVE_RUNS_PER_PROCESS),
    )
    return next((words.format(live=live) for words, live, most in limits if live >= most), "")


def count(member: Membership) -> tuple[int, int, int]:
    """Return the live runs of a member, of their team, and of this process; no lost ones."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [member.user_id, member.team_id, OWNER, now])
        yours, teams, servers = cursor.fetchone()
    return yours, teams, servers


def lock(*names: str) -> None:
    """Hold these names, in this order, until the transaction ends.

    Rows of people and teams are not held: logins and polls write those. On SQLite who writes is alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, name])

"""How many runs may go on at once: of a person, of a team, in this web process."""

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone

from playground.live.storage import OWNER
from playground.models import Run
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
# First word of the names of our advisory locks on PostgreSQL.
LOCKS = 0x72756E73


def why_no_more(member: Membership) -> str:
    """Return why this member may not start one more run now, in their words; empty where they may.

    Ask it in the transaction that writes the run: until that ends, nobody else is told the same.
    """
    lock(f"person {member.user_id}", f"team {member.team_id}", f"process {OWNER}")
    found = Run.objects.held(timezone.now()).aggregate(
        yours=Count("pk", filter=Q(author=member.user_id)),
        teams=Count("pk", filter=Q(team=member.team_id)),
        servers=Count("pk", filter=Q(owner=OWNER)),
    )
    limits = (
        (YOURS, found["yours"], settings.LIVE_RUNS_PER_PERSON),
        (TEAMS, found["teams"], settings.LIVE_RUNS_PER_TEAM),
        (SERVERS, found["servers"], settings.LIVE_RUNS_PER_PROCESS),
    )
    return next((words.format(live=live) for words, live, most in limits if live >= most), "")


def lock(*names: str) -> None:
    """Hold these names, in this order, until the transaction ends.

    Rows of people and teams are not held: logins and polls write those. On SQLite who writes is alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, name])

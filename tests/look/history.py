"""Imports for the pages that show them: one taken in, and one that cannot be; run by `manage.py shell`."""

from common.jobs import worker
from teams.models import Membership, Role, Team
from teams.permissions import Access
from usage.imports import deeds

ROWS = (
    b"start,key,model,tokens\n2026-01-01,Production,rax-4.5,1200000\n2026-01-02,Production,rax-4.5,1300000\n"
)

team = Team.objects.get(slug="demo")
access = Access(team, Membership.objects.get(team=team, role=Role.OWNER))


def work() -> None:
    """Do all that is due."""
    while worker.work():
        pass


origin = deeds.give_file(access, "History of January " + "x" * 60 + ".csv", ROWS, None)
work()
deeds.take_in(access, origin.pk)
work()
deeds.give_file(access, "faults.csv", ROWS.replace(b"Production", b"Nobody" + b"x" * 60), None)
work()

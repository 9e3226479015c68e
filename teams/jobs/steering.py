"""What long jobs have to do with teams: the name of a team's scope, what pages show, and what people do."""

from collections.abc import Callable

from common import jobs
from common.jobs import ShownJob
from common.jobs.kinds import words_of
from common.models import Job
from teams import audit
from teams.acts import TeamAct
from teams.changes import change
from teams.models import Deed, Team
from teams.permissions import Access


def scope_of(team: Team) -> str:
    """The scope of a team's jobs."""
    return f"team:{team.pk}"


def team_of(job: Job) -> int:
    """The primary key of the team whose job it is."""
    return int(job.scope.removeprefix("team:"))


def shown_jobs(team: Team, *kinds: str) -> list[ShownJob]:
    """What a page shows of the team's jobs of these kinds: those under way, and those that failed."""
    return jobs.shown(Job.objects.of(scope_of(team), *kinds).pending())


def cancel(access: Access, job: Job) -> bool:
    """End a job before its time; tell whether that was possible."""
    return _steer(access, job, jobs.cancel, Deed.JOB_CANCELLED)


def try_again(access: Access, job: Job) -> bool:
    """Go on with a job that failed; tell whether it had."""
    return _steer(access, job, jobs.try_again, Deed.JOB_TRIED_AGAIN)


def _steer(access: Access, job: Job, steer: Callable[[Job], bool], deed: Deed) -> bool:
    with change(access, TeamAct.STEER_JOBS) as actor:
        is_done = steer(job)
        if is_done:
            audit.record(actor.team, deed, by=actor.user, ip=access.ip, work=words_of(job))
    return is_done

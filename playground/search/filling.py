"""Runs that the index lacks are added to it by a long job of each team, the newest first: what was run before
there was one, and what the version before has stored during an update.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from common import jobs
from common.guard import guarded
from common.jobs.kinds import Progress, Write
from common.models import Chore, Job
from playground.models import ENDED_STATES, Run, RunQuerySet
from playground.search import index
from teams.jobs import scope_of, team_of
from teams.models import Team

KIND, WORDS = "playground.index", "Adding older runs to the search"
NAME, EVERY = "playground.index", timedelta(days=1)
# Other writers of SQLite wait as long as a step writes.
BATCH = 50


def start_missing(now: datetime) -> int:
    """Begin in each team where runs are missing, once a day; tell in how many."""
    if not Chore.objects.claim(NAME, now, EVERY):
        return 0
    started = 0
    for team in Team.objects.filter(Exists(missing().filter(team=OuterRef("pk")))):
        with guarded("Beginning to index the runs of team", team.pk):
            if not Job.objects.of(scope_of(team), KIND).pending().exists():
                started += jobs.start(KIND, scope_of(team), {})[1]
    return started


def over() -> RunQuerySet:
    """Return the runs that belong into the index."""
    return Run.objects.with_words().filter(state__in=ENDED_STATES)


def missing() -> RunQuerySet:
    """Return those that are not there."""
    return over().filter(search_text=None)


def step(job: Job) -> Write:
    """Add the next runs of a team."""
    team_id = team_of(job)
    total = job.total if job.place else over().filter(team=team_id).count()
    batch = list(older_than(over().filter(team=team_id), job.place).values_list("pk", "created_at")[:BATCH])
    run_ids = [run_id for run_id, _ in batch]

    def write() -> Progress:
        index.put(missing().filter(pk__in=run_ids))
        if not batch:
            return Progress(job.place, job.done, total, is_done=True)
        last_id, last_at = batch[-1]
        return Progress({"id": str(last_id), "at": last_at.isoformat()}, job.done + len(batch), total)

    return write


def older_than(runs: RunQuerySet, place: dict[str, str]) -> RunQuerySet:
    """Return the runs before a job's place, newest first."""
    newest_first = runs.order_by("-created_at", "-pk")
    if not place:
        return newest_first
    return behind(newest_first, datetime.fromisoformat(place["at"]), UUID(place["id"]))


def behind(runs: RunQuerySet, created_at: datetime, run_id: UUID) -> RunQuerySet:
    """Return those of these runs, newest first, that stand behind one of them."""
    earlier = Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=run_id)
    # Said once more for the database's index, which is read from there on.
    return runs.filter(earlier, created_at__lte=created_at)

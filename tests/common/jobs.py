"""A kind of jobs for tests, which counts to its argument; and a worker for all that is due."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from common.jobs import worker
from common.jobs.kinds import KINDS, Kind, Progress, Write, register
from common.models import Job

COUNTING = "test.count"
# No story takes as many: such a job would never end.
MOST_SLICES = 1_000


def count(job: Job) -> Write:
    """Add one to the place."""
    done = int(job.place.get("done", 0)) + 1
    return lambda: Progress({"done": done}, done, job.arguments["to"], done >= job.arguments["to"])


@contextmanager
def known(
    step: Callable[[Job], Write] = count,
    cancel: Callable[[Job], None] | None = None,
    name: str = COUNTING,
    *,
    is_whole: bool = False,
) -> Iterator[None]:
    """Let workers know a kind for the length of a test."""
    before = dict(KINDS)
    register(Kind(name, "Counting", step, cancel, is_whole))
    try:
        yield
    finally:
        KINDS.clear()
        KINDS.update(before)


def run_jobs() -> None:
    """Do all that is due to its end; fail where a job failed."""
    slices = 0
    while worker.work(seconds=0):
        slices += 1
        assert slices < MOST_SLICES, [(job.kind, job.place) for job in Job.objects.pending()]
    failed = Job.objects.pending()
    assert not failed, [(job.kind, job.error) for job in failed]

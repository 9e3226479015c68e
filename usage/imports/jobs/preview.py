"""What an import would change is reckoned before it changes anything: the last part of reading it."""

from functools import partial

from common.jobs.kinds import Progress, Write
from common.models import Job
from usage.imports.jobs import store
from usage.imports.jobs.effect import Effect
from usage.imports.jobs.origin import end
from usage.imports.jobs.walk import Walk, is_begun
from usage.models import Import

__all__ = ["begin", "is_begun", "step"]


def begin(origin: Import) -> Progress:
    """Go on with the accounts of the days that were kept."""
    return Walk(store.roots_of(origin)).progress()


def step(job: Job, origin: Import) -> Write:
    """One slice: an account, read without a lock, or the end."""
    walk = Walk.of(job, origin)
    root = None if walk.is_over else walk.root
    effect = store.effect_on(origin, root) if root else None
    return partial(write, origin, walk, effect)


def write(origin: Import, walk: Walk, effect: Effect | None) -> Progress:
    """Keep what an account's days would change; after the last one the import waits for somebody's word."""
    if not walk.is_over:
        walk.go_on(effect)
        return walk.progress()
    end(origin, Import.State.READY, effect=walk.effect())
    return walk.progress(is_done=True)

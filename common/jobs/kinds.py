"""Long jobs: work that takes more than a second is a row, done by a worker in slices.

Each app registers its kinds. A kind's `step` looks at the job, reads and computes without a lock, and returns
what is to be written: a function that is called in a short transaction, and says how far the job is then.
Its work and its new place are saved together, and only where the job is still ours, so a worker may be killed
anywhere. A step bounds what it writes: other writers of SQLite wait as long as that lasts. One that reads and
computes for longer than moments says meanwhile how far it is, and lets others have their turn (`turns`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from common.models import Job


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job goes on (plain JSON), and how much is done of how much; `is_done` ends it."""

    place: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int | None = None
    is_done: bool = False


type Write = Callable[[], Progress]


class JobError(Exception):
    """The job cannot be done, and trying again would not help; its text tells a person why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of jobs: its name in the database, its words on pages, and one step of it.

    Where it can be cancelled, `cancel` puts right what the job had begun, in the transaction that ends it. Of
    one that `is_whole` a step does all; two of these do not take turns, but one after the other.
    """

    name: str
    words: str
    step: Callable[[Job], Write]
    cancel: Callable[[Job], None] | None = None
    is_whole: bool = False


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known to workers and pages; an app does it when it is ready."""
    KINDS[kind.name] = kind


def words_of(job: Job) -> str:
    """What a job does, in words."""
    return KINDS[job.kind].words if job.kind in KINDS else job.kind

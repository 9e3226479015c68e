"""A failure as people read it: what the API sent of it, when and whether to run the same again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from django.utils import timezone

from playground.models import Run, RunState
from rax import Kind
from teams.acts import TeamAct
from teams.error_words import Remedy
from teams.models import Key, Membership

# A pause that is longer is no countdown, but a time of day.
LONGEST_COUNTDOWN = timedelta(minutes=10)
UNWHOLE = frozenset({RunState.FAILED, RunState.ENDED_EARLY, RunState.INTERRUPTED})
BROKEN = frozenset({Kind.CONNECTION_LOST, Kind.IDLE_DEADLINE, Kind.TOTAL_DEADLINE})


class Fact(NamedTuple):
    """One line of what the API sent."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run has no whole answer, for one reader."""

    run: Run
    reader: Membership

    @property
    def is_told(self) -> bool:
        """Whether the API sent anything of the failure; a stream that broke told nothing of it."""
        run = self.run
        return bool(
            run.error_kind and (run.error_body or (run.error_status and run.error_kind not in BROKEN))
        )

    @property
    def facts(self) -> list[Fact]:
        """What the API sent beside the body, as it was sent."""
        run, headers = self.run, self.run.response_headers or {}
        facts = (
            Fact("HTTP status", str(run.error_status or "")),
            Fact("Content type", headers.get("content-type", "")),
            Fact("Compression", headers.get("content-encoding", "")),
            Fact("Location", headers.get("location", "")),
            Fact("Retry after", headers.get("retry-after", "")),
            Fact("Code", run.error_code),
            Fact("Type", run.error_type),
            Fact("Field", run.error_param),
            Fact("Request", run.request_id),
        )
        return [fact for fact in facts if fact.value]

    @property
    def key_to_mend(self) -> Key | None:
        """The key with which something may be wrong, for who may change it."""
        key = self.run.key
        if key is None or key.status == Key.Status.RETIRED or not self.reader.may(TeamAct.MANAGE_KEYS):
            return None
        return key if self.run.error_remedy and Remedy(self.run.error_remedy).concerns_key else None

    @property
    def retry_at(self) -> datetime | None:
        """When the key's limits allow the next try: the API said so, or our own limiter; another secret has
        limits of its own."""
        run = self.run
        if run.finished_at is None or run.retry_after_seconds is None or self.is_key_changed:
            return None
        return run.finished_at + timedelta(seconds=run.retry_after_seconds)

    @property
    def retry_in_seconds(self) -> int:
        """Whole seconds from now until then."""
        left = (self.retry_at - timezone.now()).total_seconds() if self.retry_at else 0
        # Never longer than was asked for: it may have been asked by a clock that was ahead.
        return max(0, ceil(min(left, self.run.retry_after_seconds or 0)))

    @property
    def is_paused(self) -> bool:
        """Whether the next try is so far away that nobody waits for it."""
        return self.retry_in_seconds > LONGEST_COUNTDOWN.total_seconds()

    @property
    def may_run_again(self) -> bool:
        """Whether asking the same again may help, now or when a countdown is over."""
        run = self.run
        if run.state not in UNWHOLE or self.is_paused:
            return False
        remedy = Remedy(run.error_remedy) if run.error_remedy else Remedy.AGAIN
        return remedy is not Remedy.REQUEST and (not remedy.needs_key_changed or self.is_key_changed)

    @property
    def is_key_changed(self) -> bool:
        """Whether the key has another secret or address than when this failed, or it has gone: then it is
        another one."""
        key, finished_at = self.run.key, self.run.finished_at
        if key is None:
            return True
        return bool(key.secret_set_at and finished_at and key.secret_set_at > finished_at)

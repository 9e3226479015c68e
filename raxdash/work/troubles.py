"""The silence of all workers, as owners and admins see it in the application."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Subquery

from common import clock
from common.database.prepared import NOW
from common.troubles import TOLD_FOR, Trouble
from raxdash.models import SILENT_AFTER, Heartbeat
from teams.models import Team

ADVICE = "Nothing is polled meanwhile. Whoever runs raxdash sees why in the worker's log."


class Workers:
    """What the heartbeats tell."""

    def columns(self) -> Mapping[str, Any]:
        """When a worker was last seen, and over which time none was before that."""
        seen = Heartbeat.objects.exclude(clock.ahead("at", NOW)).order_by("-at")
        back = Heartbeat.objects.filter(back_at__gt=NOW - TOLD_FOR, back_at__lte=NOW).order_by("-back_at")
        return {
            "worker_seen_at": _first(seen, "at"),
            "worker_silent_since": _first(back, "silent_since"),
            "worker_back_at": _first(back, "back_at"),
        }

    def given(self, team: Team, now: datetime) -> Mapping[str, Any]:
        """Nothing but the time."""
        return {}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Trouble]:
        """A silence that goes on, and one that ended."""
        seen_at, since, back_at = (row[f"worker_{name}"] for name in ("seen_at", "silent_since", "back_at"))
        if seen_at is not None and now - seen_at > SILENT_AFTER:
            yield _silence(seen_at)
        elif since is not None:
            yield _silence(since, back_at)


def _silence(since: datetime, ended_at: datetime | None = None) -> Trouble:
    return Trouble(
        "worker",
        "The worker is silent",
        "The worker was silent",
        "Usage numbers are late",
        since,
        ended_at,
        "" if ended_at else ADVICE,
    )


def _first(rows: QuerySet[Heartbeat], name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])

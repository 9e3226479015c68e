"""The fields of a meter in groups, by who writes them. A test finds each field in exactly one group.

Whoever reads or writes a part of the row names its group: a field that is added here is read and written
wherever its group is.
"""

from dataclasses import dataclass, fields
from datetime import datetime

# Whose counter it is; written by people's decisions about keys and accounts.
IDENTITY = ("id", "team", "key", "name", "created_at", "base_url", "host", "merged_into", "is_held")

# What the fold goes on from, under which rules, and over which time it has been told.
FOLD = ("state", "rules", "watched_from", "watched_until", "period_start", "period_end", "idle_since")

# What pages ask of the state: they need not read it whole.
SUMMARY = (
    "period_tokens",
    "period_requests",
    "unattributed_tokens",
    "unattributed_requests",
    "is_exact",
    "fallen_tokens",
)

# How much of what was told is kept raw.
RETENTION = ("pruned_at", "bodies_on", "body_bytes")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a meter is asked, and what came of it; written after each poll."""

    pk: int
    status: str
    status_reason: str
    next_poll_at: datetime
    closing_at: datetime | None
    planned_at: datetime
    failures: int
    missed_polls: int
    last_error: str
    failing_since: datetime | None
    answer_error: str
    unread_parts: str
    untold: str
    asked_at: datetime | None
    answered_at: datetime | None
    models_asked_at: datetime | None
    secret_fingerprint: str
    interval_seconds: int | None
    limit_share: float | None
    runs_out_at: datetime | None
    clock_samples: list[float]
    clock_difference: float | None
    lease_until: datetime | None = None


SCHEDULE = tuple(field.name for field in fields(Schedule) if field.name != "pk")

# What follows from the polls a meter counts, and is gone where it counts none.
FOLDED = (*FOLD, *SUMMARY)

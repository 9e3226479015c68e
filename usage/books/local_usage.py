"""What raxdash itself ran: each run is reported once, by whoever carried it out, and added up here.

A key whose server counts no usage is metered by it alone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from common.database.together import Reading, ask
from teams.models import Key
from usage.models import LocalUsage, TeamModel


@dataclass(frozen=True, slots=True)
class LocalSum:
    """What raxdash spent with a key over some time; the tokens of `estimated` requests were not reported."""

    tokens: int = 0
    requests: int = 0
    estimated: int = 0


def local_sums(
    keys: Iterable[Key], starts: Sequence[datetime], end: datetime
) -> Reading[list[dict[UUID, LocalSum]]]:
    """What raxdash spent with each key from each of some instants to `end`; one step.

    The database adds up: a busy key runs thousands of times a day.
    """
    runs = LocalUsage.objects.filter(key__in=keys).between(min(starts), end).with_tokens()
    columns: dict[str, Any] = {}
    for place, start in enumerate(starts):
        since, guessed = Q(at__gte=start), Q(at__gte=start, is_reported=False)
        columns[f"tokens_{place}"] = Sum("tokens", filter=since, default=0)
        columns[f"requests_{place}"] = Count("pk", filter=since)
        columns[f"estimated_{place}"] = Count("pk", filter=guessed)
    found: list[dict[UUID, LocalSum]] = [{} for _ in starts]
    for key_id, *amounts in (yield from ask(runs.values_list("key_id").annotate(**columns))):
        for sums, counts in zip(found, batched(amounts, 3, strict=True), strict=True):
            sums[key_id] = LocalSum(*map(int, counts))
    return found


def record_local_usage(
    *,
    team_id: int,
    key_id: UUID | None,
    member_id: int | None,
    source: LocalUsage.Source,
    run: UUID,
    model: str,
    prompt_tokens: int,
    completion_tokens: int,
    is_reported: bool,
    at: datetime,
) -> bool:
    """Write a run's line of local usage; tell whether it was new. A second report is ignored."""
    _, is_new = LocalUsage.objects.get_or_create(
        run=run,
        defaults={
            "team_id": team_id,
            "key_id": key_id,
            "member_id": member_id,
            "source": source,
            "model": model[:200],
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "is_reported": is_reported,
            "at": at,
        },
    )
    if is_new:
        _note_model(team_id, model[:200])
    return is_new


def _note_model(team_id: int, model: str) -> None:
    """Remember a model that the team uses for the first time: what was spent on it is named by its row."""
    if not TeamModel.objects.filter(team=team_id, model=model).exists():
        TeamModel.objects.bulk_create([TeamModel(team_id=team_id, model=model)], ignore_conflicts=True)


def forget_local_usage(runs: Collection[UUID]) -> None:
    """Take back the lines of some runs, in the transaction that writes what is true of them."""
    LocalUsage.objects.filter(run__in=runs).delete()

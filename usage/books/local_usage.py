"""What raxdash itself ran: each run is reported once, by whoever carried it out."""

from datetime import datetime
from uuid import UUID

from usage.models import LocalUsage


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
    return is_new

"""What a run may spend and what it has spent: the one place where the playground speaks with `usage`.

Everything here asks the database: call it within `in_database`.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone

from playground.live.estimates import estimate_prompt
from rax import Limits
from teams.models import Key
from usage.books.local_usage import record_local_usage
from usage.quota.limiter import acquire, observe, settle

# What is held of a day's tokens for an answer that may be of any length, until its own number is known.
ANSWER_TOKENS = 1_024


@dataclass(frozen=True, slots=True)
class Spending:
    """The account of one run."""

    run_id: UUID
    key: Key
    model: str
    messages: list[dict[str, str]]
    max_tokens: int | None

    def reserve(self) -> dict[str, Any] | None:
        """Take a place within the key's limits, or return the columns that say why there is none."""
        tokens = estimate_prompt(self.messages) + (self.max_tokens or ANSWER_TOKENS)
        refusal = acquire(self.key, self.run_id, tokens)
        if refusal is None:
            return None
        return {
            "error_kind": "limited_here",
            "error_message": f"Not sent: {refusal.reason}",
            "retry_after_seconds": refusal.retry_after_seconds,
        }

    def record(self, fields: dict[str, Any]) -> None:
        """Write the ledger's line, in the transaction that ends the run."""
        record_spent(self.key.team_id, self.key.pk, self.run_id, self.model, fields)

    def settle(self, fields: dict[str, Any], limits: Limits | None) -> None:
        """Give back what was held, and keep what the API said about limits."""
        settle(self.key.pk, self.run_id)
        is_refusal = fields.get("error_status") == HTTPStatus.TOO_MANY_REQUESTS
        observe(self.key.pk, limits, "run", is_refusal=is_refusal)


def record_spent(team_id: int, key_id: UUID | None, run_id: UUID, model: str, fields: dict[str, Any]) -> None:
    """Write the ledger's line of a run that was answered, whole or not, or whose prompt was spent."""
    if fields.get("completion_tokens") is None:
        return
    at: datetime = fields.get("finished_at") or timezone.now()
    record_local_usage(
        team_id=team_id,
        key_id=key_id,
        run=run_id,
        model=model,
        prompt_tokens=fields["prompt_tokens"],
        completion_tokens=fields["completion_tokens"],
        is_reported=fields["tokens_reported"],
        at=at,
    )

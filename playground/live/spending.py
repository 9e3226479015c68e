"""What a run may spend and what it has spent: the one place where the playground speaks with `usage`.

Everything here asks the database: call it within `in_database`.
"""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.utils import timezone

from playground.live.estimates import estimate_prompt
from playground.live.outcomes import ErrorDetails, RunOutcome
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

    def reserve(self) -> ErrorDetails | None:
        """Take a place within the key's limits, or return why there is none."""
        tokens = estimate_prompt(self.messages) + (self.max_tokens or ANSWER_TOKENS)
        refusal = acquire(self.key, self.run_id, tokens)
        if refusal is None:
            return None
        return ErrorDetails(
            "limited_here", f"Not sent: {refusal.reason}", retry_after_seconds=refusal.retry_after_seconds
        )

    def record(self, outcome: RunOutcome) -> None:
        """Write the ledger's line, in the transaction that ends the run."""
        record_spent(self.key.team_id, self.key.pk, self.run_id, self.model, outcome)

    def settle(self, outcome: RunOutcome) -> None:
        """Give back what was held, and keep what the API said about limits."""
        settle(self.key.pk, self.run_id)
        is_refusal = outcome.error.status == HTTPStatus.TOO_MANY_REQUESTS
        observe(self.key.pk, outcome.limits, "run", is_refusal=is_refusal)


def record_spent(team_id: int, key_id: UUID | None, run_id: UUID, model: str, outcome: RunOutcome) -> None:
    """Write the ledger's line of a run that was answered, whole or not, or whose prompt was spent."""
    if outcome.tokens is None:
        return
    record_local_usage(
        team_id=team_id,
        key_id=key_id,
        run=run_id,
        model=model,
        prompt_tokens=outcome.tokens.prompt,
        completion_tokens=outcome.tokens.completion,
        is_reported=outcome.tokens.is_reported,
        at=outcome.finished_at or timezone.now(),
    )

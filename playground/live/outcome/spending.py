"""What a run may spend and what it has spent: the one place where the playground speaks with `usage`.

Everything here asks the database: call it within `in_database`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from django.utils import timezone

from playground.live.outcome.estimates import estimate_prompt
from playground.live.outcome.outcomes import RunOutcome
from playground.models import Run
from playground.requests import Message
from teams.models import Key
from usage.books.local_usage import forget_local_usage, record_local_usage
from usage.models import LocalUsage
from usage.quota.limiter import Refusal, acquire, observe, settle

# What is held of a day's tokens for an answer that may be of any length, until its own number is known.
ANSWER_TOKENS = 1_024


@dataclass(frozen=True, slots=True)
class Spender:
    """Whose tokens those of a run are, as plain ids: any of them may be gone when it ends."""

    run_id: UUID
    team_id: int
    member_id: int | None
    key_id: UUID | None
    model: str

    @classmethod
    def of(cls, run: Run) -> Self:
        """Return who spends with this run."""
        return cls(run.pk, run.team_id, run.author_id, run.key_id, run.model)

    def record(self, outcome: RunOutcome, *, corrects: bool = False) -> None:
        """Write the ledger's line of a run that was answered, whole or not, or whose prompt was spent.

        What `corrects` an earlier end takes the place of that one's line.
        """
        if corrects:
            unspend([self.run_id])
        if outcome.tokens is None:
            return
        record_local_usage(
            team_id=self.team_id,
            key_id=self.key_id,
            member_id=self.member_id,
            source=LocalUsage.Source.PLAYGROUND,
            run=self.run_id,
            model=self.model,
            prompt_tokens=outcome.tokens.prompt,
            completion_tokens=outcome.tokens.completion,
            is_reported=outcome.tokens.is_reported,
            at=outcome.finished_at or timezone.now(),
        )

    def of_what_is_there(self) -> Self:
        """Return the same without a key that was deleted meanwhile."""
        is_there = self.key_id and Key.objects.filter(pk=self.key_id).exists()
        return self if is_there else replace(self, key_id=None)


def unspend(run_ids: Collection[UUID]) -> None:
    """Take back the ledger's lines of runs whose end was none, in the transaction that says so."""
    if run_ids:
        forget_local_usage(run_ids)


@dataclass(frozen=True, slots=True)
class Spending:
    """The account of one run."""

    spender: Spender
    key: Key
    messages: list[Message]
    max_tokens: int | None

    def reserve(self) -> Refusal | None:
        """Take a place within the key's limits, or return why there is none; `settle` gives it back."""
        tokens = estimate_prompt(message.content for message in self.messages)
        tokens += self.max_tokens or ANSWER_TOKENS
        return acquire(self.key, self.spender.run_id, tokens)

    def settle(self) -> None:
        """Give back what was held, in the transaction that ends the run."""
        settle(self.key.pk, self.spender.run_id)

    def observe(self, outcome: RunOutcome) -> None:
        """Keep what the API said about limits."""
        error, limits = outcome.error, outcome.limits
        if limits and error.is_rate_limit:
            # It may have been told in words only.
            limits = replace(limits, retry_after_seconds=error.retry_after_seconds)
        observe(self.key.pk, limits, "run", is_refusal=error.is_rate_limit)

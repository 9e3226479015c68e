"""What a run spent: as the API reported it, or as we estimate it."""

from dataclasses import dataclass
from typing import Any

from rax import Usage


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of the prompt and of the answer; of these, those of thinking, and of those, the cached ones."""

    prompt: int
    completion: int
    is_reported: bool = False
    reasoning: int | None = None
    cached: int | None = None

    def columns(self) -> dict[str, Any]:
        """Return what a run's row says of them."""
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "tokens_reported": self.is_reported,
            "reasoning_tokens": self.reasoning,
            "cached_tokens": self.cached,
        }


# What a row says where nothing was spent, or nobody knows.
NO_TOKENS = dict.fromkeys(Tokens(0, 0).columns()) | {"tokens_reported": False}


def columns_of(tokens: Tokens | None) -> dict[str, Any]:
    """Return what a run's row says of what was spent, also where nothing was or nobody knows."""
    return tokens.columns() if tokens else dict(NO_TOKENS)


def reported(usage: Usage | None) -> Tokens | None:
    """Return the tokens that the API reported, if it did."""
    if usage is None:
        return None
    return Tokens(
        usage.prompt_tokens, usage.completion_tokens, True, usage.reasoning_tokens, usage.cached_tokens
    )

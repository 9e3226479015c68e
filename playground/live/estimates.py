"""How many tokens a text is, roughly, where the API reports none. Shown as ≈, never as a measured figure."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

# English runs at about four letters a token; other scripts at about one.
ASCII_CHARS_PER_TOKEN = 4
MESSAGE_TOKENS = 4  # what role and separators of a message cost


def estimate_tokens(text: str) -> int:
    """Return roughly how many tokens this text is."""
    ascii_chars = len(text.encode("ascii", "ignore"))
    return ceil(ascii_chars / ASCII_CHARS_PER_TOKEN) + len(text) - ascii_chars


def estimated_usage(messages: Iterable[Mapping[str, Any]], text: str) -> dict[str, Any]:
    """Return the columns of a run whose tokens nobody reported."""
    return {
        "prompt_tokens": estimate_prompt(messages),
        "completion_tokens": estimate_tokens(text),
        "tokens_reported": False,
    }


def estimate_prompt(messages: Iterable[Mapping[str, Any]]) -> int:
    """Return roughly how many tokens these messages are as a prompt."""
    return sum(estimate_tokens(str(message.get("content", ""))) + MESSAGE_TOKENS for message in messages)

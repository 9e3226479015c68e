"""How many tokens a text is, roughly, where the API reports none. Shown as ≈, never as a measured figure."""

from collections.abc import Iterable
from math import ceil

from playground.live.outcome.tokens import Tokens

# English runs at about four letters a token; other scripts at about one.
ASCII_CHARS_PER_TOKEN = 4
MESSAGE_TOKENS = 4  # what role and separators of a message cost


def estimate_tokens(text: str) -> int:
    """Return roughly how many tokens this text is."""
    ascii_chars = len(text.encode("ascii", "ignore"))
    return ceil(ascii_chars / ASCII_CHARS_PER_TOKEN) + len(text) - ascii_chars


def estimated(contents: Iterable[str], text: str) -> Tokens:
    """Return what a run spent whose tokens nobody reported."""
    return Tokens(estimate_prompt(contents), estimate_tokens(text))


def estimate_prompt(contents: Iterable[str]) -> int:
    """Return roughly how many tokens messages with these contents are as a prompt."""
    return sum(estimate_tokens(content) + MESSAGE_TOKENS for content in contents)

"""The simulator's own approximate rule for tokens.

One token is up to six letters or digits, or one other character, with the white space before it; white space
at the end of a text is one more. A prompt costs its messages' tokens and four for each message. Streams send
one token per chunk, so what arrived can be counted.
"""

import re
from collections.abc import Iterable

MESSAGE_OVERHEAD = 4

_TOKEN = re.compile(r"\s*(?:\w{1,6}|[^\w\s])|\s+")


def split_tokens(text: str) -> list[str]:
    """The tokens of a text in order; joined they are the text again."""
    return _TOKEN.findall(text)


def count_tokens(text: str) -> int:
    return len(split_tokens(text))


def prompt_tokens(contents: Iterable[str]) -> int:
    """What a conversation costs, given the content of each message."""
    return sum(count_tokens(content) + MESSAGE_OVERHEAD for content in contents)

"""A JSON text for reading: broken into lines, nothing else changed, whatever it says and however deep it is.

It is not parsed: duplicate names, numbers of any length and what is no JSON at all stand as they came.
"""

import re

# A page shows so much of one answer.
MOST_CHARS = 100_000
# Deeper levels are not moved further in: an answer of brackets alone would grow without bound.
DEEPEST = 20
INDENT = "  "

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
PAIRS = {"{": "}", "[": "]"}


def formatted(text: str) -> str:
    """The text in lines, cut where it is too long; as it came where it does not begin as JSON does."""
    if text.lstrip()[:1] not in PAIRS:
        return text[:MOST_CHARS]
    pieces: list[str] = []
    depth = length = 0
    before = ""
    for match in TOKEN.finditer(text):
        sign = match[0]
        if sign in PAIRS.values():
            depth = max(depth - 1, 0)
        piece = _space(before, sign, depth) + sign
        length += len(piece)
        if length > MOST_CHARS:
            break
        pieces.append(piece)
        depth += sign in PAIRS
        before = sign
    return "".join(pieces)


def is_cut(text: str, shown: str) -> bool:
    """Tell whether what is shown of a text leaves something out."""
    return sum(map(str.isspace, text)) - len(text) < sum(map(str.isspace, shown)) - len(shown)


def _space(before: str, sign: str, depth: int) -> str:
    """What stands between two signs, words or texts."""
    if before == ":":
        return " "
    if before in PAIRS and sign == PAIRS[before]:
        return ""
    if before in (*PAIRS, ",") or sign in PAIRS.values():
        return "\n" + INDENT * min(depth, DEEPEST)
    return ""

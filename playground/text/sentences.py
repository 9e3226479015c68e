"""Sentences that stand one after another, whoever wrote them."""

ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
CLOSING = "”\"'’»)]"


def as_sentence(words: str) -> str:
    """Return words with a full stop where they have no end of their own: another sentence may follow."""
    words = words.rstrip()
    return words if not words or words.rstrip(CLOSING).endswith(ENDS) else f"{words}."

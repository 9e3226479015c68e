"""Make what came from outside fit to be stored: databases refuse NUL, and half a character."""

import re
from typing import Any

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def storable_text(text: str) -> str:
    """Return a text in which U+FFFD stands for each character that cannot be stored."""
    if text.isascii():
        return text.replace("\0", REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        return UNSTORABLE.sub(REPLACEMENT, text)
    return text.replace("\0", REPLACEMENT)


def storable(value: Any) -> Any:
    """Return a value for a column, with all texts in it, also within JSON, made fit to be stored."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable(name): storable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return value

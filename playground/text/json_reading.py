"""A JSON object that somebody typed or pasted: read strictly, and what is wrong is told in their words."""

import json
import math
import re
from typing import Any, NoReturn

DEPTH = 32
# What a request can say is a whole number of 64 bits.
LEAST, LARGEST = -(2**63), 2**64 - 1
LONGEST_NUMBER = 400
SHOWN_CHARS = 40
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
# Of the standard library's words, those that people who write JSON by hand meet.
IN_OTHER_WORDS = {
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Expecting ':' delimiter": "a colon is missing after the name",
    "Expecting ',' delimiter": "a comma is missing, or a bracket that closes",
    "Expecting value": "a value is missing",
    "Unterminated string starting at": "this text has no quote at its end",
    "Invalid control character at": r"a line end or a tab within a text is written \n or \t",
    "Invalid \\escape": r"this \ means nothing; a backslash is written \\",
    "Invalid \\uXXXX escape": r"\u takes four digits of 0–9 and a–f",
    "Extra data": "the object has ended before this",
    "Illegal trailing comma before end of object": "this comma is one too many",
    "Illegal trailing comma before end of array": "this comma is one too many",
}


class NotReadable(ValueError):
    """What was typed is no JSON object that can be sent; the message says why, in the user's words."""


def read_object(text: str) -> dict[str, Any]:
    """Return the object that a text spells, whatever its own texts hold. Raises `NotReadable`."""
    try:
        value = DECODER.decode(text.strip().removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise NotReadable(words_for(error, text)) from None
    except RecursionError:
        raise NotReadable(TOO_DEEP) from None
    if not isinstance(value, dict):
        raise NotReadable("Write a JSON object: names and values within { and }.")
    check_depth(value)
    return value


TOO_DEEP = f"It is nested more than {DEPTH} levels deep."


def words_for(error: json.JSONDecodeError, text: str) -> str:
    """Return where a text stops being JSON, and why."""
    # Its numbers are those of the text without the space before it.
    return words_at(error.msg, text, error.pos + len(text) - len(text.lstrip()))


def words_at(problem: str, text: str, at: int) -> str:
    """Return what the standard library says of this place in other words, with its line and column."""
    words = next((words for said, words in IN_OTHER_WORDS.items() if problem.startswith(said)), "")
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    hint = " A text stands in double quotes." if text[at : at + 1] == "'" else ""
    return f"Line {line}, column {column}: {words or 'this is not JSON'}.{hint}"


def check_depth(value: Any, depth: int = 0) -> None:
    """Refuse what is nested too deeply."""
    if depth > DEPTH:
        raise NotReadable(TOO_DEEP)
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            check_depth(inner, depth + 1)


def check_texts(value: Any) -> None:
    """Refuse texts and names that no request can hold, or no database."""
    if isinstance(value, str):
        if HALF_A_CHARACTER.search(value):
            raise NotReadable(r"A \ud… alone is half a character; write both halves.")
        if "\0" in value:
            raise NotReadable(r"\u0000 cannot be sent.")
    elif isinstance(value, dict | list):
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            check_texts(inner)


def read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names are all different."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotReadable(f"“{shortened(name)}” stands there twice.")
        found[name] = value
    return found


def read_whole(digits: str) -> int:
    """Return a whole number."""
    if len(digits) > LONGEST_NUMBER or not LEAST <= int(digits) <= LARGEST:
        raise NotReadable(f"{shortened(digits)} is too large a number.")
    return int(digits)


def read_decimal(digits: str) -> float:
    """Return a number with a fraction or an exponent."""
    if not math.isfinite(number := float(digits)):
        raise NotReadable(f"{shortened(digits)} is too large a number.")
    return number


def refuse_constant(name: str) -> NoReturn:
    """Say of NaN and the infinities that they are no JSON."""
    raise NotReadable(f"{name} is no number in JSON.")


def shortened(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"


DECODER = json.JSONDecoder(
    object_pairs_hook=read_pairs,
    parse_int=read_whole,
    parse_float=read_decimal,
    parse_constant=refuse_constant,
)

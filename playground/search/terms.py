"""What stands in the index in place of words and facts: short marks, from which nobody reads the words again.

Neither database takes a word out of its index at once: FTS5 keeps what was deleted until it merges, and GIN
keeps the keys of its tree for ever. So the index never gets any word of a person's; what was erased cannot be
read in what it still holds.
"""

import json
from base64 import b32encode
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from typing import Any

# One in a million words shares its mark with another one.
BYTES = 5


class Fact(Enum):
    """What a run can be looked for by beside its words. The values stand in the index."""

    TEAM = "team"
    MODEL = "model"
    KEY = "key"
    MEMBER = "member"
    SOURCE = "source"
    STATE = "state"
    RATING = "rating"
    PARAMETER = "parameter"


@lru_cache(50_000)
def term_of(word: str) -> str:
    """Return the mark of a word."""
    return mark(f"word\0{word}", BYTES)


def fact_term(fact: Fact, value: object) -> str:
    """Return the mark of a fact. It is longer than that of a word: teams are kept apart by it."""
    return mark(f"{fact.value}\0{value}", 2 * BYTES)


def mark(text: str, size: int) -> str:
    """Return letters and digits for a text: eight for each five bytes."""
    return b32encode(blake2b(text.encode(), digest_size=size).digest()).decode().lower()


def parameter_terms(parameters: Mapping[str, Any]) -> Iterable[str]:
    """Yield the marks of what was sent: each name, and each name with its value."""
    for name, value in as_fields(parameters).items():
        yield fact_term(Fact.PARAMETER, name)
        for each in value if isinstance(value, list) else [value]:
            yield fact_term(Fact.PARAMETER, f"{name}={written(each)}")


def as_fields(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as they are sent: extra fields stand beside the others."""
    fields = dict(parameters)
    return fields | fields.pop("extra", {})


def written(value: Any) -> str:
    """Return a value of a parameter in its one spelling: 1 for 1.0, a text without quotes."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)

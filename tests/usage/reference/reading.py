"""What an answer says once it is read: dates and counts as they are written, in the model's words.

Rules kept here: an end at second 59 belongs to the period, which ends with that minute. A period that ends in
the last year that can be written has no end. A count beyond 63 bits cannot be read, and an answer that tells
no total that can be read is kept without being counted.
"""

from collections.abc import Iterable
from dataclasses import replace

from tests.usage.reference.answers import MINUTE, SECOND, Answer

LAST_YEAR = 253_370_764_800 * SECOND  # 1 January 9999
LARGEST = 2**63 - 1


def read(answers: Iterable[Answer]) -> list[Answer]:
    """The answers that count something, each with the end that it tells."""
    return [replace(one, ends=_end(one.ends)) for one in answers if max(one.totals.values()) <= LARGEST]


def _end(told: int | None) -> int | None:
    if told is None or told >= LAST_YEAR:
        return None
    minute = told // MINUTE * MINUTE
    return minute + MINUTE if told - minute >= 59 * SECOND else told

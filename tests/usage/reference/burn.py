"""How fast a meter uses up, as far as it is certain.

Rules kept here: the burn of the last hour counts nothing that was used before watching began. What tails,
holes and moved boundaries hide makes it a lower bound, and so does a watch younger than the hour, which
says since when.
"""

from dataclasses import dataclass

from tests.usage.reference.answers import HOUR
from tests.usage.reference.lines import BEFORE_WATCHING, CORRECTION, INTERPOLATED, MEASURED, Line

WHOLE = {MEASURED, INTERPOLATED, CORRECTION}


@dataclass(frozen=True)
class Burn:
    """So much since then, within the window that was asked for."""

    amount: int
    since: int
    at_least: bool


def burn(line: Line, now: int, window: int = HOUR) -> Burn:
    """What was used in the `window` before `now`."""
    begin = now - window
    watched = [
        span for span in line.stretches() if span[2] != BEFORE_WATCHING and span[1] > begin and span[0] < now
    ]
    first = max((end for _, end, quality in line.stretches() if quality == BEFORE_WATCHING), default=begin)
    since = max(begin, first)  # the first answer; what it tells was used before
    amount = sum(line.total(max(start, begin), min(end, now)) for start, end, _ in watched)
    hidden = any(quality not in WHOLE for _, _, quality in watched)
    return Burn(amount, since, hidden or since > begin)

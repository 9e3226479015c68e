"""How far sums of numbers are known, where no sheet of them is laid out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from usage import claims
from usage.claims import Sureness
from usage.explore.reading.numbers import Numbers
from usage.explore.sheet.marks import INCOMPLETE, UNSEEN, Seen
from usage.ledger import Quality


def seen_in(numbers: Numbers, *, is_untold: bool) -> list[Seen]:
    """How each bucket was seen; `is_untold` says that some key's provider does not tell what is counted."""
    facts = zip(
        numbers.qualities,
        numbers.provisional,
        numbers.late,
        numbers.covered,
        numbers.empty,
        strict=True,
    )
    return [
        Seen(qualities, provisional, late, covered, is_untold, empty)
        for qualities, provisional, late, covered, empty in facts
    ]


def sureness_of_sum(numbers: Numbers, metric: str, now: datetime) -> Sureness:
    """How far the sum of all buckets is known, but for what is cut by their edges."""
    is_untold = metric in numbers.untold
    starts = numbers.edges[:-1]
    parts = [
        Sureness.TO_COME if start >= now else seen.sureness
        for start, seen in zip(starts, seen_in(numbers, is_untold=is_untold), strict=True)
    ]
    is_least = any(
        (is_untold or block.quality in INCOMPLETE) and not block.is_cut for block in numbers.blocks
    )
    return claims.surest([*parts, *([Sureness.AT_LEAST] if is_least else [])])


@dataclass(frozen=True, slots=True)
class Unseen:
    """The part of the time that nobody saw, 0 to 1: over all keys, and at most of any one."""

    of_all: float
    of_any: float


def unseen_in(numbers: Numbers, metric: str, now: datetime) -> Unseen | None:
    """How much of the time was not seen; None where more than that is missing."""
    seen = numbers.seen
    is_moved = seen[Quality.BOUNDARY_MOVED] or any(
        block.quality in INCOMPLETE and not block.is_cut for block in numbers.blocks
    )
    passed = (min(numbers.edges[-1], now) - numbers.edges[0]) // timedelta(microseconds=1)
    if metric in numbers.untold or is_moved or not seen.total() or passed <= 0:
        return None
    nobody = sum(seen[quality] for quality in UNSEEN)
    return Unseen(nobody / seen.total(), nobody / passed)


def used_in(numbers: Numbers) -> list[int | None]:
    """What was used in each bucket, all series together; None where nobody knows."""
    seen = seen_in(numbers, is_untold=numbers.metric in numbers.untold)
    pairs = zip(seen, numbers.used, strict=True)
    return [claims.claimed(each.own_sureness, used).drawn for each, used in pairs]

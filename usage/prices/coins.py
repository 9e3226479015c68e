"""Money as whole numbers of coins, and before it is rounded as whole numbers of a finer place. Pure.

A line of a table is rounded once; what is shown of it bar by bar are shares that add up to it.
"""

from collections.abc import Sequence
from decimal import Decimal

from usage.prices.pricing import EXACT

# A whole token by a price of six places for a million is a whole number of these.
FINEST = 12


def finest(amount: Decimal) -> int:
    """An amount that is not rounded yet, in its finest place."""
    return int(amount.scaleb(FINEST, context=EXACT))


def coins(amount: Decimal, places: int) -> int:
    """A rounded amount in the smallest coins of its currency."""
    return int(amount.scaleb(places, context=EXACT))


def coins_of_finest(amount: int, places: int) -> int:
    """The same of one in the finest place, which is rounded as all are."""
    return nearest(amount, 10 ** (FINEST - places))


def below(amount: int, places: int) -> int:
    """The first coins, from nothing on, that an amount in the finest place does not reach; less than nothing
    for one that was taken back, and 0 for none.
    """
    size = abs(amount) // 10 ** (FINEST - places) + 1
    return size if amount > 0 else -size if amount else 0


def shares(whole: int, parts: Sequence[int], places: int) -> list[int]:
    """A rounded amount, in coins, as shares that add up to it, of `parts` in the finest place. Each sum of
    the first of them is rounded by itself, so that what is lost with one part comes with the next; what
    rounding changed of the whole is spread over the parts by their size.
    """
    coin, size = 10 ** (FINEST - places), sum(map(abs, parts))
    if not size:
        return [*([0] * (len(parts) - 1)), whole] if parts else []
    change = whole * coin - sum(parts)
    found, before, reached, gone = [], 0, 0, 0
    for part in parts:
        reached, gone = reached + part, gone + abs(part)
        sofar = nearest(reached * size + change * gone, size * coin)
        found.append(sofar - before)
        before = sofar
    return found


def nearest(amount: int, size: int) -> int:
    """How many times a size, greater than zero, is in an amount; halves go to the even number."""
    whole, rest = divmod(amount, size)
    return whole + (2 * rest > size or (2 * rest == size and whole % 2 == 1))

"""When exactly accounts were not seen: at the end of a billing period, or between polls far apart."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from usage.explore.reading.asked import Asked
from usage.explore.reading.stretches import Piece
from usage.ledger import Quality
from usage.ledger.words import moment

# Of more lapses the longest are told.
MOST_LAPSES = 100
UNPOLLED = (Quality.INTERPOLATED, Quality.UNKNOWN)


class Lapse(NamedTuple):
    """[start, end), aware, in which nobody saw some `accounts`, so many, of which one is `account`.
    Their `names` are the first and the last, none where they are not at hand. `began` is the billing period
    of which the answers lie around it, in microseconds, where that is known. Where it `is_summed` what was
    used is known, but not when within it.
    """

    start: datetime
    end: datetime
    account: int
    names: tuple[str, ...] = ()
    accounts: int = 1
    began: int | None = None
    is_summed: bool = False


def unpolled(asked: Asked, accounts: Collection[int] | None) -> list[Lapse]:
    """The long times without a poll of some accounts or of all, the longest first. No query: a page has read
    them for its numbers.
    """
    # Only where keys are asked for they were looked up.
    names = {meter.pk: meter.name for meter in asked.lookups.meters} if asked.asks_keys else {}
    pieces = asked.lookups.pieces(asked.instants[0], asked.instants[-1])
    found = sorted(_of(pieces, accounts, names), key=lambda lapse: lapse.start - lapse.end)
    return found[:MOST_LAPSES]


def _of(
    pieces: Iterable[Piece], accounts: Collection[int] | None, names: Mapping[int, str]
) -> Iterator[Lapse]:
    for piece in pieces:
        if piece.quality not in UNPOLLED or not (accounts is None or piece.meter_id in accounts):
            continue
        called = (names[piece.meter_id],) if piece.meter_id in names else ()
        is_summed = piece.quality == Quality.INTERPOLATED
        yield Lapse(moment(piece.start), moment(piece.end), piece.meter_id, called, is_summed=is_summed)

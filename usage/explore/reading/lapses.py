"""When exactly accounts were not seen: at the end of a billing period, or between polls far apart."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from usage.explore.reading.asked import Asked
from usage.explore.reading.sums.stretches import Piece
from usage.ledger import Quality
from usage.ledger.words import moment

# More lapses than these are told as one where they overlap, and of those the longest.
MOST_LAPSES = 100
UNPOLLED = (Quality.INTERPOLATED, Quality.UNKNOWN)


class Lapse(NamedTuple):
    """[start, end), aware, in which nobody saw some `accounts`, so many, of which one is `account`.
    Their `names` are the first and the last, none where they are not at hand. `began` is the billing period
    of which the answers lie around it, in microseconds, where that is known. Where it `is_summed` what was
    used is known, but not when within it. It is made of so many `parts`.
    """

    start: datetime
    end: datetime
    account: int
    names: tuple[str, ...] = ()
    accounts: int = 1
    began: int | None = None
    is_summed: bool = False
    parts: int = 1


def unpolled(asked: Asked, accounts: Collection[int] | None) -> list[Lapse]:
    """The long times without a poll of some accounts or of all, the longest first. A page has read them for
    its numbers; one query where keys were not told apart for these.
    """
    read = asked.lookups.pieces(asked.instants[0], asked.instants[-1])
    pieces = [piece for piece in read if piece.quality in UNPOLLED]
    # Only where keys are asked for.
    meters = asked.lookups.meters if pieces and asked.asks_keys else ()
    found = list(_of(pieces, accounts, {meter.pk: meter.name for meter in meters}))
    if len(found) > MOST_LAPSES:
        found = [joined(group) for group in together(found)]
    return sorted(found, key=lambda lapse: lapse.start - lapse.end)[:MOST_LAPSES]


def together(lapses: Iterable[Lapse]) -> Iterator[list[Lapse]]:
    """Lapses of one kind that overlap, or of which one ends with the poll that begins the next."""
    lapses = sorted(lapses)
    for is_summed in (False, True):
        group: list[Lapse] = []
        until = datetime.min.replace(tzinfo=UTC)
        for lapse in (one for one in lapses if one.is_summed == is_summed):
            if group and lapse.start > until:
                yield group
                group = []
            until = max(until, lapse.end)
            group.append(lapse)
        if group:
            yield group


def joined(group: Sequence[Lapse]) -> Lapse:
    """Several lapses of one kind as one."""
    names = sorted({name for lapse in group for name in lapse.names})
    accounts = len({lapse.account for lapse in group})
    return Lapse(
        group[0].start,
        max(lapse.end for lapse in group),
        group[0].account,
        tuple(dict.fromkeys((names[0], names[-1]))) if names else (),
        max(accounts, *(lapse.accounts for lapse in group)),
        is_summed=group[0].is_summed,
        parts=len(group),
    )


def _of(
    pieces: Iterable[Piece], accounts: Collection[int] | None, names: Mapping[int, str]
) -> Iterator[Lapse]:
    for piece in pieces:
        if not (accounts is None or piece.meter_id in accounts):
            continue
        called = (names[piece.meter_id],) if piece.meter_id in names else ()
        is_summed = piece.quality == Quality.INTERPOLATED
        yield Lapse(moment(piece.start), moment(piece.end), piece.meter_id, called, is_summed=is_summed)

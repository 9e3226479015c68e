"""Stretches by whom a question asks about.

A stretch over days on which its key was of different people is parted at the midnights between, along a
straight line, as F is. Where filters or the edges of what is shown leave out some of it nobody knows how much
was used in the rest: all of it may have been, and counts as that once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from usage.explore.query.dimensions import SeriesId
from usage.explore.reading.asked import Asked
from usage.explore.reading.scope.scope import Part
from usage.explore.reading.sums.stretches import SEEN, Piece

# A part of some meters, from when to when.
type Spanned = tuple[int, int, Part]
type User = tuple[tuple[SeriesId, ...], str]


def pieces_for(asked: Asked) -> Iterable[Piece]:
    """The stretches that a question is about, by model; by (groups, model) where it asks for keys."""
    found: Iterable[Piece] = asked.lookups.pieces(asked.instants[0], asked.instants[-1])
    if asked.admitted.names is not None:
        found = of_models(found, asked.admitted)
    return of_scope(found, asked) if asked.asks_keys else found


def of_models(pieces: Iterable[Piece], admits: Callable[[str], bool]) -> Iterator[Piece]:
    """The same with what some models used."""
    for piece in pieces:
        amounts = {
            metric: {model: amount for model, amount in used.items() if admits(model)}
            for metric, used in piece.amounts.items()
        }
        yield piece._replace(amounts=amounts)


def of_scope(pieces: Iterable[Piece], asked: Asked) -> Iterator[Piece]:
    """The same by (groups, model), of the meters and days that the filters leave."""
    parts: dict[int, list[Spanned]] = defaultdict(list)
    for part in asked.scope.parts:
        spanned = (*part.span(asked.team.zone), part)
        for meter_id in part.meters:
            parts[meter_id].append(spanned)
    shown = asked.instants[0], asked.instants[-1]
    for piece in pieces:
        yield from _within(piece, parts[piece.meter_id], shown)


def _within(piece: Piece, parts: Sequence[Spanned], shown: tuple[int, int]) -> Iterator[Piece]:
    spans = [(max(piece.start, start), min(piece.end, end), part) for start, end, part in parts]
    spans = [(start, end, part) for start, end, part in spans if start < end]
    is_kept = sum(end - start for start, end, _ in spans) == piece.end - piece.start
    is_shown = shown[0] <= piece.start and piece.end <= shown[1]
    is_certain = (is_kept and is_shown) or piece.quality in SEEN
    whole = piece.amounts
    for start, end, part in spans:
        if start < shown[1] and shown[0] < end:
            used = _line(piece, start, end) if is_certain else whole
            whole = {}
            yield Piece(
                piece.meter_id, start, end, piece.quality, _by_user(used, part), is_part=not is_certain
            )


def _line(piece: Piece, start: int, end: int) -> Mapping[str, Mapping[str, int]]:
    """What a straight line puts into a part of a stretch, in integers that add up."""
    length, since, until = piece.end - piece.start, start - piece.start, end - piece.start
    if until - since == length:
        return piece.amounts
    return {
        metric: {model: amount * until // length - amount * since // length for model, amount in used.items()}
        for metric, used in piece.amounts.items()
    }


def _by_user(amounts: Mapping[str, Mapping[str, int]], part: Part) -> dict[str, dict[User, int]]:
    return {
        metric: {(part.groups, model): amount for model, amount in used.items()}
        for metric, used in amounts.items()
    }

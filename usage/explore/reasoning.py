"""Why more, or less, was used than in the time that is compared: one sentence, from key and model."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from usage.explore.proof.why import Move, Pair, Side, unknown, why
from usage.explore.proof.why_words import Sentence, Telling, sentence
from usage.explore.query.dimensions import Dimension, SeriesId, series_text
from usage.explore.query.pairing import Pairing
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query
from usage.explore.query.words import against_words
from usage.explore.reading.asked import Asked
from usage.explore.reading.numbers import Numbers, Question
from usage.explore.reading.scope.series import REST, is_own, own, plain
from usage.explore.sheet.certainty import seen_in

BY = (Dimension.KEY, Dimension.MODEL)
# So many pairs of a key and a model are read by time, so that it can be said when most of it was.
MOST_BY_TIME = 12


def questions(asked: Asked, edges: Sequence[datetime]) -> list[Question]:
    """What has to be asked of the shown time, and of the one before, with these edges."""
    return [(replace(asked.beside(each, BY), is_alone=True), MOST_BY_TIME) for each in (asked.edges, edges)]


def reason(placed: Placed, pairing: Pairing, now: Numbers, before: Numbers) -> Sentence | None:
    """The answers in a sentence; None where the difference may be nothing but what nobody saw, or keys and
    models do not tell what the legend hides.
    """
    is_shown = shown_pairs(placed.query)
    if is_shown is None:
        return None
    found = why(_side(before, is_shown, pairing.places), _side(now, is_shown))
    if found is None:
        return None
    return sentence(
        found,
        Telling(
            against_words(placed, pairing),
            now.unit.currency or placed.query.measure.unit,
            lambda dimension, value: now.names.of(Dimension(dimension), value),
            lambda move: address_of(placed.query, move, is_by_model=now.is_by_series(now.metric)),
            now.edges,
            placed.time.zone,
            now.unit.compact,
            now.unit.number,
            "\N{ALMOST EQUAL TO} " if now.unit.is_estimate else "",
        ),
    )


def shown_pairs(query: Query) -> Callable[[Pair], bool] | None:
    """What tells whether the legend leaves a pair; None where a pair is no part of one series of it."""
    if not query.hidden:
        return lambda _: True
    if not set(query.by) <= set(BY) or series_text(REST) in query.hidden:
        return None
    return lambda pair: series_text(_within(query, pair)) not in query.hidden


def _within(query: Query, pair: Pair) -> SeriesId:
    """The series of a question that a pair counts in."""
    ids = dict(zip(BY, map(plain, pair), strict=True))
    series = tuple(ids[one] for one in query.by)
    return own(series) if is_own(pair) else series


def address_of(query: Query, move: Move, *, is_by_model: bool = True) -> str:
    """The question that shows a move alone; of what is not known by model, that of its key."""
    alone = query.only(Dimension.KEY, move.key)
    if is_by_model:
        alone = alone.only(Dimension.MODEL, move.model)
    return alone.changed(hidden=()).address()


def _side(
    found: Numbers, is_shown: Callable[[Pair], bool], places: Sequence[int | None] | None = None
) -> Side:
    """What the pairs that are shown used for certain, by bucket; those of the time before in the order of
    their partners.
    """
    seen = seen_in(found, is_untold=found.metric in found.untold)
    cut = found.more[found.metric]
    more = unknown(seen, cut, max(found.used, default=0))
    amounts: dict[Pair, Sequence[int]] = {}
    for series, used in found.amounts.items():
        if series != REST and is_shown(_pair(series)):
            amounts[_pair(series)] = used if places is None else _ordered(used, places)
    told = ((_pair(series), amount) for series, amount in found.sums.items() if amount)
    sums = {pair: amount for pair, amount in told if is_shown(pair)}
    return Side(amounts, more, sums)


def _pair(series: Sequence[str]) -> Pair:
    key, model = series
    return key, model


def _ordered(used: Sequence[int], places: Sequence[int | None]) -> list[int]:
    return [used[place] if place is not None and place < len(used) else 0 for place in places]

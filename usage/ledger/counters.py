"""What one answer makes of the counters of a period, and which models have a seat among them."""

from collections.abc import Collection, Mapping, Set

from usage.ledger.polls import Poll
from usage.ledger.words import (
    OTHER_MODELS,
    TOKENS,
    UNATTRIBUTED,
    Amounts,
    SeriesKey,
    series_of,
    sums_of,
    without_zeroes,
)

# The sum of a metric's series, where it stands beside them.
TOTAL = "(total)"


def read(last: Mapping[SeriesKey, int], poll: Poll, seats: Set[str]) -> Amounts:
    """The counters after a poll: models that disappeared keep theirs, those without a seat are one series
    that never falls, the rest is unattributed. A metric that is not told stays as it was.
    """
    counters = {
        series: count
        for series, count in last.items()
        if series.model != UNATTRIBUTED or series.metric not in poll.totals
    }
    unseated = dict.fromkeys(poll.totals, 0)
    for series, count in poll.models.items():
        if series.model in seats and series.metric in unseated:
            counters[series] = count
        elif series.metric in unseated:
            unseated[series.metric] += count
    for metric, count in unseated.items():
        others = series_of(OTHER_MODELS, metric)
        if count > counters.get(others, 0):
            counters[others] = count
    named = sums_of(counters, poll.totals)
    for metric, total in poll.totals.items():
        counters[series_of(UNATTRIBUTED, metric)] = total - named[metric]
    return without_zeroes(counters)


def fallen(last: Mapping[SeriesKey, int], poll: Poll, seats: Set[str]) -> Amounts:
    """How far each counter of a poll is below the last one, the totals too; empty where none is.

    It is what is told that falls: the total of a metric, and the models that have a seat.
    """
    falls = {
        series: last[series] - count
        for series, count in poll.models.items()
        if count < last.get(series, 0) and series.model in seats and series.metric in poll.totals
    }
    before = sums_of(last, poll.totals)
    for metric, total in poll.totals.items():
        if total < before[metric]:
            falls[series_of(TOTAL, metric)] = before[metric] - total
    return falls


def fallen_by(falls: Mapping[SeriesKey, int], metric: str) -> int:
    """By how much a metric fell: its total, or those of its models where the total did not."""
    of_models = [fall for (model, told), fall in falls.items() if told == metric and model != TOTAL]
    return falls.get(series_of(TOTAL, metric), sum(of_models))


def without_others(counters: Mapping[SeriesKey, int], metrics: Collection[str]) -> Amounts:
    """The counters before a fall that is believed: what has no seat may have fallen too."""
    return {
        series: count
        for series, count in counters.items()
        if series.model != OTHER_MODELS or series.metric not in metrics
    }


def seats_with_newcomers(seats: frozenset[str], poll: Poll, most: int) -> frozenset[str]:
    """The seats, the free ones given to models that appear in a poll: the largest first, then by name."""
    newcomers = {series.model for series in poll.models if series.model not in seats} - {OTHER_MODELS}
    if not newcomers:
        return seats
    return seats.union(_by_tokens(poll, newcomers)[: max(most - len(seats), 0)])


def seats_of_new_period(poll: Poll, moved: Set[str], most: int) -> frozenset[str]:
    """The seats in the period that a poll opens: models that `moved` in the one before come first."""
    newcomers = {series.model for series in poll.models} - moved - {OTHER_MODELS}
    return frozenset([*_by_tokens(poll, moved), *_by_tokens(poll, newcomers)][:most])


def _by_tokens(poll: Poll, models: Collection[str]) -> list[str]:
    return sorted(models, key=lambda model: (-poll.models.get(series_of(model, TOKENS), 0), model))

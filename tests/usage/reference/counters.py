"""What one answer makes of the counters of a period.

Rules kept here: a model that appears had zero before; one that disappears keeps its last value; those
without a seat are one series, the greater of its last value and the sum told for them; what is left of
the total is unattributed, and may fall when a name is told late. An answer is believed as a whole or not
at all: it is below what is believed where its total of any metric is, or what it tells of any seated
model.
"""

from collections.abc import Collection, Mapping

from tests.usage.reference.answers import Answer
from tests.usage.reference.lines import MODEL, OTHER_MODELS, TOTAL, UNATTRIBUTED, Series, model

Counters = dict[Series, int]


def counters_after(
    last: Mapping[Series, int], answer: Answer, metric: str, seats: Collection[str]
) -> Counters:
    """The counters of a metric once `answer` is believed after `last`; they sum to the total it tells."""
    named = {series: count for series, count in last.items() if series != UNATTRIBUTED}
    unseated = 0
    for name, counts in answer.models.items():
        if metric in counts and name in seats:
            named[model(name)] = counts[metric]
        else:
            unseated += counts.get(metric, 0)
    if unseated or OTHER_MODELS in last:
        named[OTHER_MODELS] = max(last.get(OTHER_MODELS, 0), unseated)
    return {**named, UNATTRIBUTED: answer.totals[metric] - sum(named.values())}


def without_others(last: Mapping[Series, int]) -> Counters:
    """The counters before a fall that is believed: who has no seat may have fallen too."""
    return {series: 0 if series == OTHER_MODELS else count for series, count in last.items()}


def fallen(
    last: Mapping[str, Counters], answer: Answer, seats: Collection[str]
) -> dict[tuple[str, Series], int]:
    """How far each counter is below what is believed, by metric and series; empty where none is."""
    falls: dict[tuple[str, Series], int] = {}
    for metric in answer.totals.keys() & last.keys():
        believed, told = last[metric], counters_after(last[metric], answer, metric, seats)
        falls[metric, TOTAL] = sum(believed.values()) - sum(told.values())
        models = [series for series in told if series.kind == MODEL]
        falls |= {(metric, series): believed.get(series, 0) - told[series] for series in models}
    return {which: amount for which, amount in falls.items() if amount > 0}

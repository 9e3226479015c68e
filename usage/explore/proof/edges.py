"""What billing periods used in the quarters of an hour that their begins and ends part.

Rollups know no instant within a quarter; but F of every series where a period begins is kept with it, and so
is F where a quarter begins and ends. Their differences are what lies on either side, to the token.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from django.db.models import Q

from common.database.together import Reading, ask, read, side_by_side
from usage.explore.proof.sums import Place, quarters_within, series_of_models
from usage.explore.reading.sums.source import Interval
from usage.ledger.grid import QUARTER, quarter_number
from usage.models import Period, Quarter

# F of a model where a period of a meter began: {(meter, instant): {model: amount}}.
type Openings = Mapping[tuple[int, int], Mapping[str, int]]


class _Row(NamedTuple):
    """A model in a quarter in which it moved."""

    meter_id: int
    model: str
    number: int
    opening: int
    value: int


def edge_sums(
    spans: Mapping[Interval, Collection[int]], metric: str, models: Mapping[str, Collection[str]]
) -> Counter[Place]:
    """What meters used of a metric and some models at the edges of spans (microseconds, each a period of
    those meters) that stand within quarters. One query; none where there is no such edge.
    """
    parted = {span: list(meters) for span, meters in spans.items() if any(at % QUARTER for at in span)}
    if not parted:
        return Counter()
    all_meters = {meter for meters in parted.values() for meter in meters}
    openings, rows = read(
        side_by_side(
            _openings(parted, all_meters, metric),
            _rows(parted, all_meters, metric, series_of_models(models)),
        )
    )
    found: Counter[Place] = Counter()
    for span, meters in parted.items():
        for meter in meters:
            found[span, meter] = sum(_parts(span, meter, rows, openings))
    return found


def can_be_parted(start: int, end: int) -> bool:
    """Tell whether no quarter holds both edges of a span within it."""
    first, last = quarters_within((start, end))
    return first <= last + 1


def _openings(spans: Collection[Interval], meters: Collection[int], metric: str) -> Reading[Openings]:
    """F of a metric where periods begin between all of the edges; also where one was told to begin until its
    boundary was moved: what was counted from there on belongs to no period before it.
    """
    first, last = min(min(span) for span in spans), max(max(span) for span in spans)
    periods = Period.objects.filter(meter__in=meters, start__gte=first, start__lt=last + QUARTER)
    rows = yield from ask(periods.order_by().values_list("meter", "start", "opening"))
    return {(meter, start): opening.get(metric, {}) for meter, start, opening in rows}


def _rows(
    spans: Collection[Interval], meters: Collection[int], metric: str, chosen: Q
) -> Reading[Mapping[tuple[int, int], list[_Row]]]:
    """The models that moved in the quarters of the edges, by meter and quarter."""
    numbers = {quarter_number(at) for span in spans for at in span if at % QUARTER}
    rows = Quarter.objects.filter(chosen, series__meter__in=meters, series__metric=metric, number__in=numbers)
    found: Mapping[tuple[int, int], list[_Row]] = defaultdict(list)
    columns = ("series__meter", "series__model", "number", "opening", "value")
    for values in (yield from ask(rows.values_list(*columns))):
        row = _Row(*values)
        found[row.meter_id, row.number].append(row)
    return found


def _parts(
    span: Interval, meter: int, rows: Mapping[tuple[int, int], list[_Row]], openings: Openings
) -> Iterator[int]:
    start, end = span
    if start % QUARTER:
        begun = openings.get((meter, start), {})
        for row in rows.get((meter, quarter_number(start)), ()):
            yield row.value - begun.get(row.model, 0)
    if end % QUARTER:
        # Where no other period follows all of the quarter is of this one.
        following = _following(meter, end, openings)
        for row in rows.get((meter, quarter_number(end)), ()):
            yield (row.value if following is None else following.get(row.model, 0)) - row.opening


def _following(meter: int, end: int, openings: Openings) -> Mapping[str, int] | None:
    """F where the next period begins, if that is within the same quarter."""
    last = quarter_number(end) * QUARTER
    starts = [at for owner, at in openings if owner == meter and end <= at < last]
    return openings[meter, min(starts)] if starts else None

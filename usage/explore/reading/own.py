"""Raxdash's own ledger as an answer: by member and source, or where a provider tells nothing of a key."""

from collections import Counter
from collections.abc import Iterable

from common.database.together import Reading
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading import local
from usage.explore.reading.asked import Asked
from usage.explore.reading.local import LocalRow
from usage.explore.reading.scope.series import own
from usage.explore.reading.sums.gathering import Gathering

# A row of the ledger, and the series that it counts in.
type Counted = tuple[LocalRow, list[SeriesId]]


def gather(asked: Asked, gathering: Gathering, *, is_untold: bool) -> Reading[Counter[str]]:
    """Gather what raxdash ran: all of it, or as series of its own what no provider tells. The sums of all
    metrics; one step.
    """
    totals: Counter[str] = Counter()
    for row, series in (yield from counted(asked, gathering, is_untold=is_untold)):
        gathering.add(series, gathering.place(row.start), row.amounts.get(asked.metric, 0))
        for metric, amount in row.amounts.items():
            if metric != asked.metric:
                gathering.sums_of[metric].update(dict.fromkeys(series, amount))
        gathering.estimated += row.estimated
        totals.update(row.amounts)
    return totals


def counted(asked: Asked, gathering: Gathering, *, is_untold: bool) -> Reading[list[Counted]]:
    """What raxdash ran of what the filters leave, by the series of a gathering: all of it, or as series of
    its own what no provider tells. One step.
    """
    runs = (local.untold_runs if is_untold else local.runs_of)(asked.team)
    until = min(asked.edges[-1], asked.now)
    rows = yield from local.local_rows(runs.between(asked.edges[0], until), asked.dimensions)
    found = ((row, _series(asked, gathering, row)) for row in rows)
    return [(row, list(map(own, series)) if is_untold else series) for row, series in found if series]


def _series(asked: Asked, gathering: Gathering, row: LocalRow) -> list[SeriesId]:
    """The series that a row counts in; none where the filters leave it out."""
    told = {Dimension.MEMBER: row.member, Dimension.SOURCE: row.source}
    if not asked.admitted(row.model) or not all(
        one.admits(told[one.dimension]) for one in asked.filters if one.dimension in told
    ):
        return []
    groups: Iterable[SeriesId] = [("",) * len(asked.by)]
    if asked.asks_keys:
        groups = asked.scope.groups_on(asked.lookups.meter_of_key.get(row.key_id), asked.day_of(row.start))
    return [gathering.series(_filled(asked, group, told), row.model) for group in groups]


def _filled(asked: Asked, group: SeriesId, told: dict[Dimension, str]) -> SeriesId:
    return tuple(told.get(dimension, known) for dimension, known in zip(asked.by, group, strict=True))

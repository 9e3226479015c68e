"""Raxdash's own ledger as an answer: by member and source, or where a provider tells nothing of a key."""

from collections import Counter
from collections.abc import Iterable

from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.reading import local
from usage.explore.reading.asked import Asked
from usage.explore.reading.gathering import Gathering
from usage.explore.reading.local import LocalRow
from usage.explore.reading.series import OF_KEYS, own
from usage.models.local import LocalUsageQuerySet


def read_all(asked: Asked, gathering: Gathering) -> Counter[str]:
    """Gather all that raxdash ran, whoever told of it; return the sums of all metrics. One query."""
    return _gather(asked, gathering, local.runs_of(asked.team), is_marked=False)


def read_untold(asked: Asked, gathering: Gathering) -> Counter[str]:
    """Gather what raxdash ran with keys of which no provider tells, as series of its own. One query."""
    return _gather(asked, gathering, local.untold_runs(asked.team), is_marked=True)


def _gather(asked: Asked, gathering: Gathering, runs: LocalUsageQuerySet, *, is_marked: bool) -> Counter[str]:
    until = min(asked.edges[-1], asked.now)
    totals: Counter[str] = Counter()
    for row in local.local_rows(runs.between(asked.edges[0], until), asked.dimensions):
        if (series := _series(asked, gathering, row)) is None:
            continue
        place = gathering.place(row.start)
        marked = list(map(own, series)) if is_marked else series
        gathering.add(marked, place, row.amounts.get(asked.metric, 0))
        for metric, amount in row.amounts.items():
            if metric != asked.metric:
                gathering.sums_of[metric].update(dict.fromkeys(marked, amount))
        gathering.estimated += row.estimated
        totals.update(row.amounts)
    return totals


def _series(asked: Asked, gathering: Gathering, row: LocalRow) -> Iterable[SeriesId] | None:
    """The series that a row counts in; None where the filters leave it out."""
    told = {Dimension.MEMBER: row.member, Dimension.SOURCE: row.source}
    if not asked.admitted(row.model) or not all(
        one.admits(told[one.dimension]) for one in asked.filters if one.dimension in told
    ):
        return None
    groups: Iterable[SeriesId] = [("",) * len(asked.by)]
    if OF_KEYS & asked.dimensions:
        groups = asked.scope.groups_on(row.key_id, asked.day_of(row.start))
    series = [gathering.series(_filled(asked, group, told), row.model) for group in groups]
    return series or None


def _filled(asked: Asked, group: SeriesId, told: dict[Dimension, str]) -> SeriesId:
    return tuple(told.get(dimension, known) for dimension, known in zip(asked.by, group, strict=True))

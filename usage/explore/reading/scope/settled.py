"""Where a question reads cohorts in place of their meters: on settled days, where all of a cohort's keys
count in the same groups.

So it does not matter why some meters are a cohort. By whatever a question groups and filters, it reads them
together where that comes to the same, and else each by itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import NamedTuple, Self

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from common.database.together import Reading, ask, side_by_side
from teams.models import Team
from usage.explore.query.dimensions import SeriesId
from usage.explore.reading.scope.scope import Days, Part
from usage.ledger.grid import ONE_DAY
from usage.models import Cohort, SettledDay

# On which of some days a meter counts in which groups.
type Share = tuple[tuple[date, date, tuple[SeriesId, ...]], ...]


class Run(NamedTuple):
    """The days [first, last), settled by the same cohorts."""

    first: date
    last: date
    cohorts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """Some days of a team that are settled, and the meters of each cohort."""

    runs: Sequence[Run] = ()
    meters: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, team: Team, days: Days) -> Reading[Self]:
        """Look up the days [first, last) of a team. One step."""
        # As text: what a JSON field adds to each value costs more than to read it.
        settled = SettledDay.objects.filter(team=team, time_zone=team.time_zone, is_summed=True)
        rows = settled.filter(day__gte=days[0], day__lt=days[1]).order_by("day")
        cohorts = Cohort.objects.filter(team=team).order_by()
        by_day, by_pk = yield from side_by_side(
            ask(rows.values_list("day", Cast("cohorts", TextField()))),
            ask(cohorts.values_list("pk", Cast("meters", TextField()))),
        )
        runs = tuple(_runs(by_day))
        used = {pk for run in runs for pk in run.cohorts}
        return cls(runs, {pk: orjson.loads(meters) for pk, meters in by_pk if pk in used})

    def parts(self, parts: Sequence[Part]) -> Sequence[Part]:
        """The parts of single meters with those of cohorts in their place, where that comes to the same."""
        if not self.runs:
            return parts
        by_meters: dict[tuple[int, ...], list[Part]] = defaultdict(list)
        for part in parts:
            by_meters[part.meters].append(part)
        alike = list(by_meters.items())
        # By numbers: to hash what hundreds of meters have in common takes longer than all the rest.
        kind_of = {meter_id: kind for kind, (some, _) in enumerate(alike) for meter_id in some}
        found: list[Part] = []
        taken: list[tuple[Run, set[int]]] = []
        for run in self.runs:
            shares: dict[int | None, Share] = {
                kind: _share(some, run) for kind, (_, some) in enumerate(alike)
            }
            together: set[int] = set()
            for pk in run.cohorts:
                meters = self.meters.get(pk, ())
                # Most cohorts are of meters that are alike.
                kinds = set(map(kind_of.get, meters))
                if len(told := {shares.get(kind, ()) for kind in kinds}) == 1:
                    found += (Part((pk,), *each, are_cohorts=True) for each in told.pop())
                    together.update(meters)
            taken.append((run, together))
        for some, each in alike:
            for runs, left in _by_runs(some, taken).items():
                for part in each:
                    found += _without(replace(part, meters=tuple(left)), runs)
        return found


def _runs(rows: Iterable[tuple[date, str]]) -> Iterator[Run]:
    """Days as runs of those that follow each other and have the same cohorts."""
    days = [(day, cohorts, day.toordinal() - place) for place, (day, cohorts) in enumerate(rows)]
    for (cohorts, _), some in groupby(days, key=lambda row: row[1:]):
        first, *rest = [day for day, *_ in some]
        yield Run(first, (rest[-1] if rest else first) + ONE_DAY, tuple(orjson.loads(cohorts)))


def _share(parts: Iterable[Part], run: Run) -> Share:
    """On which days of a run meters count where."""
    clipped = ((max(part.first, run.first), min(part.last, run.last), part.groups) for part in parts)
    return tuple(sorted(each for each in clipped if each[0] < each[1]))


def _by_runs(
    meters: Collection[int], taken: Iterable[tuple[Run, Set[int]]]
) -> Mapping[tuple[Run, ...], Sequence[int]]:
    """Meters by the runs on which their cohorts are read, which are told with all meters of these."""
    found: dict[tuple[Run, ...], Sequence[int]] = {(): list(meters)}
    for run, together in taken:
        parted: dict[tuple[Run, ...], Sequence[int]] = {}
        for runs, some in found.items():
            inside = [meter_id for meter_id in some if meter_id in together]
            if inside:
                parted[*runs, run] = inside
            if len(inside) < len(some):
                parted[runs] = [meter_id for meter_id in some if meter_id not in together]
        found = parted
    return found


def _without(part: Part, runs: Iterable[Run]) -> Iterator[Part]:
    """What is left of a part beside some runs, which are in order."""
    first = part.first
    for run in runs:
        if first < (last := min(run.first, part.last)):
            yield Part(part.meters, first, last, part.groups)
        first = max(first, run.last)
    if first < part.last:
        yield Part(part.meters, first, part.last, part.groups)

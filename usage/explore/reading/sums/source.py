"""Where the numbers of a chart come from: whole local days where they do, quarters of an hour elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from teams.models import Team
from usage.explore.reading.scope.scope import Days, Part, start_of_day
from usage.explore.reading.sums import grouped
from usage.explore.reading.sums.grouped import Given, Joined, Statement, Wanted
from usage.ledger.grid import QUARTER, day_start, quarter_number
from usage.ledger.words import moment
from usage.models import CohortDay, CohortQuarter, Day, Quarter, TeamDay, TeamQuarter

# Below so many days quarters are read even where days would do: the rows are few.
LEAST_DAYS = 3

type Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """Which rollups hold a team's numbers over some buckets: local days [first, last), and quarters in spans.

    Days are read only where they are written in the team's zone; quarters are always right, and are read
    together where all buckets are alike (`joined`), and so are days. What lies in stretches is in no rollup.
    """

    zone: ZoneInfo
    days: Days | None
    spans: Sequence[Interval]
    joined: Joined

    @classmethod
    def of(cls, team: Team, instants: Sequence[int], days_zone: str | None) -> Self:
        """The source between instants: microseconds, ascending, on quarters of an hour. The team's days are
        all written in `days_zone`.
        """
        days, spans = split(instants, team.zone)
        if days is None or days_zone != team.time_zone:
            return cls(team.zone, None, [(instants[0], instants[-1])], joined(instants))
        return cls(team.zone, days, spans, joined_days(instants, days[0], team.zone))

    def of_team(self, team: Team, wanted: Wanted, place: int) -> Iterator[Statement]:
        """What all of the team's keys used together, at a place."""
        if self.days:
            yield grouped.of_team(TeamDay, team.pk, self.days, wanted, self.joined, place)
        # Several metrics within several spans: SQLite would read the whole history instead.
        for span in self.spans:
            yield grouped.of_team(TeamQuarter, team.pk, _numbers(span), wanted, self.joined, place)

    def of_parts(self, placed: Sequence[tuple[Part, int]], wanted: Wanted) -> Iterator[Statement]:
        """What the meters of some parts used, each at a place."""
        single = [pair for pair in placed if not pair[0].are_cohorts]
        yield from self._of(single, Day, Quarter, grouped.of_keys, wanted)
        cohorts = [pair for pair in placed if pair[0].are_cohorts]
        yield from self._of(cohorts, CohortDay, CohortQuarter, grouped.of_cohorts, wanted)

    def _of[OfDays, OfQuarters](
        self,
        placed: Sequence[tuple[Part, int]],
        days: type[OfDays],
        quarters: type[OfQuarters],
        sums: Callable[[type[OfDays | OfQuarters], Sequence[Given], Wanted, Joined], Statement],
        wanted: Wanted,
    ) -> Iterator[Statement]:
        if self.days and (given := list(_given(placed, self.days))):
            yield sums(days, given, wanted, self.joined)
        for span in self.spans:
            if given := list(_given(placed, _numbers(span), self.zone)):
                yield sums(quarters, given, wanted, self.joined)

    def start(self, on: date | int) -> int:
        """Where a local day, or a quarter named by its end, begins."""
        return (on - 1) * QUARTER if isinstance(on, int) else start_of_day(on, self.zone)


def _given(
    placed: Iterable[tuple[Part, int]], bounds: tuple[date | int, date | int], zone: ZoneInfo | None = None
) -> Iterator[Given]:
    """The parts of meters within bounds: local days, or numbers of quarters where a zone says which."""
    for part, place in placed:
        first, last = _first_quarters(part, zone) if zone else (part.first, part.last)
        first, last = max(bounds[0], first), min(bounds[1], last)
        # Of nobody there is no row, and PostgreSQL takes no table without one.
        if part.meters and first < last:  # type: ignore[operator]  # both are days, or both are numbers
            yield Given(part.meters, first, last, place)


def _first_quarters(part: Part, zone: ZoneInfo) -> tuple[int, int]:
    """The first quarter of a part, and the one after its last."""
    start, end = part.span(zone)
    return start // QUARTER + 1, end // QUARTER + 1


def _numbers(span: Interval) -> tuple[int, int]:
    """The quarters within a span: the first, and the one after the last."""
    return quarter_number(span[0] + 1), quarter_number(span[1]) + 1


def joined(instants: Sequence[int]) -> Joined:
    """How many quarters are told together, between instants that may be read from quarters."""
    lengths = {end - start for start, end in pairwise(instants)}
    width = lengths.pop() // QUARTER if len(lengths) == 1 else 1
    return Joined(instants[0] // QUARTER + 1, width)


def joined_days(instants: Sequence[int], first: date, zone: ZoneInfo) -> Joined:
    """How many days from `first` on are told together, between instants that begin days: those of a month,
    or as many as there are between any two, the first and the last of which may be cut.
    """
    inner = [local_date(instant, zone) for instant in instants[1:-1]]
    if all(day.day == 1 for day in inner):
        return Joined(days=None)
    lengths = {(end - start).days for start, end in pairwise(inner)}
    width = lengths.pop() if len(lengths) == 1 else 1
    # From before the first day on: a number of days is cut towards 0.
    before = -(-max((inner[0] - first).days, 0) // width) * width
    return Joined(first_day=inner[0] - timedelta(days=before), days=width)


def split(instants: Sequence[int], zone: ZoneInfo) -> tuple[Days | None, list[Interval]]:
    """The local days [first, last) that no instant divides, and what lies beside them, for quarters."""
    start, end = instants[0], instants[-1]
    first, last = first_day_from(start, zone), local_date(end, zone)
    divided = any(day_start(local_date(instant, zone), zone) != instant for instant in instants[1:-1])
    if divided or (last - first).days < LEAST_DAYS:
        return None, [(start, end)]
    spans = [(start, day_start(first, zone)), (day_start(last, zone), end)]
    return (first, last), [span for span in spans if span[0] < span[1]]


def local_date(at: int, zone: ZoneInfo) -> date:
    """The local day of an instant in microseconds."""
    return moment(at).astimezone(zone).date()


def first_day_from(at: int, zone: ZoneInfo) -> date:
    """The first local day that begins at an instant or later."""
    day = local_date(at, zone)
    return day if day_start(day, zone) == at else day + timedelta(days=1)

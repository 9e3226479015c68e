"""A question's numbers as records: one for each series in each bucket, in the order of time.

They are the numbers of the usage page, with every series by itself. What is known to be nothing is a record
of 0; what nobody saw is one without an amount. Stretches whose spread nobody saw are records of their own,
beside those of the buckets that they cover.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import NamedTuple

from common.database.together import Reading, read
from teams.models import Team
from usage import claims
from usage.claims import Amount
from usage.explore.answering import whole_report
from usage.explore.query.dimensions import Dimension, SeriesId, series_text
from usage.explore.query.placed import Room
from usage.explore.query.reader import Parts
from usage.explore.reading.known import Known
from usage.explore.reading.names import RUN_BY_RAXDASH
from usage.explore.reading.numbers import Numbers
from usage.explore.reading.scope.series import REST, is_own
from usage.explore.report import Report
from usage.explore.sheet.block_rows import BlockRow
from usage.explore.sheet.marks import Mark, quality_of
from usage.explore.sheet.tables import Row
from usage.explore.status import Availability, availability_of
from usage.exports.compared import Partner, Partners
from usage.models import Facts, Meter

# A file has more buckets than a page, and of all series together no more than so many.
FILE = Room(10_000, "a file holds")
MOST_CELLS = 1_000_000


class TooMany(Exception):
    """More is asked for than is told at once; its text says what to do about it."""


class Value(NamedTuple):
    """One value of a dimension: its id, as filters name it, and what people call it."""

    id: str
    name: str


class Record(NamedTuple):
    """What one series used in [start, end), local times of the team; an end that was not told is None. `note`
    says why the amount is not known whole, or its spread is not; `is_stretch` that buckets lie within it.
    A bucket has a `partner` where it is compared with one.
    """

    start: datetime
    end: datetime | None
    values: Sequence[Value]
    amount: Amount
    note: str
    is_stretch: bool
    partner: Partner | None = None

    @property
    def quality(self) -> str:
        """How far the amount is known, in a word."""
        return quality_of(self.amount, self.note)


@dataclass(frozen=True)
class Records:
    """The records of a `report`, of which every series stands by itself."""

    report: Report

    @property
    def by(self) -> tuple[Dimension, ...]:
        """The dimensions of which records have a value, in their order."""
        return (Dimension.ACCOUNT,) if self.report.own else self.report.query.by

    @cached_property
    def partners(self) -> Partners | None:
        """What they are compared with, where something is."""
        return Partners.of(self.report)

    def __bool__(self) -> bool:
        """They are an answer also where there are none: then it is known that nothing was used."""
        return True

    def __len__(self) -> int:
        return len(self.report.own) or len(self._lines) * len(self.series)

    def __iter__(self) -> Iterator[Record]:
        return self.between(0, len(self))

    def between(self, first: int, last: int) -> Iterator[Record]:
        """Records number `first` to before `last`, counted from 0."""
        if self.report.own:
            yield from self._own_periods()[first:last]
        elif width := len(self.series):
            for place in range(first // width, min(-(-last // width), len(self._lines))):
                of_line = self._of_line(self._lines[place])
                yield from of_line[max(first - place * width, 0) : last - place * width]

    def number_after(self, start: datetime, end: datetime | None, is_stretch: bool, values: SeriesId) -> int:
        """The number of the first record after one of these instants and values, which need not be there any
        more.
        """
        if self.report.own:
            accounts = [str(period.account) for period in self.report.own]
            return accounts.index(values[0]) + 1 if values[0] in accounts else len(accounts)
        line, width = bisect_left(self._lines, (start, end, is_stretch), key=_place_of), len(self.series)
        at = _place_of(self._lines[line]) if line < len(self._lines) else None
        # A bucket that goes on may have another end by now.
        if at is None or (at[0], at[2]) != (start, is_stretch):
            return line * width
        return line * width + bisect_right(self.series, self._order(values), key=self._order)

    def _order(self, series: SeriesId) -> tuple[int, SeriesId]:
        return self.report.numbers.names.place(self.report.numbers.by, series), series

    @cached_property
    def series(self) -> list[SeriesId]:
        """All series that used something, now or before, and are not hidden, those first that came first."""
        report, found = self.report, self.report.numbers
        drawn = {column.series for column in report.sheet.columns}
        used = dict.fromkeys(
            [
                *report.sums.by_series[report.metric],
                *found.amounts,
                *(one for b in found.blocks for one in b.amounts),
                *(self.partners.series if self.partners else ()),
            ]
        )
        shown = [one for one in used if series_text(one if one in drawn else REST) not in report.hidden]
        return sorted(shown, key=self._order)

    @cached_property
    def values(self) -> list[Sequence[Value]]:
        """The values of each series."""
        return [self._values_of(one) for one in self.series]

    def _values_of(self, series: SeriesId) -> Sequence[Value]:
        first, *others = [Value(one, self._name(of, one)) for of, one in zip(self.by, series, strict=True)]
        if is_own(series):
            first = first._replace(name=f"{first.name}{RUN_BY_RAXDASH}")
        return (first, *others)

    def _name(self, of: Dimension, value: str) -> str:
        """The name of a value; that of the time that is compared where it was used then alone."""
        names, others = self.report.numbers.names, self.partners
        if others and not names.knows(of, value):
            names = others.compared.numbers.names
        return names.of(of, value)

    @cached_property
    def _lines(self) -> list[tuple[int, Row | BlockRow]]:
        """The buckets that have begun and the stretches, oldest first, each with its number in the sheet."""
        sheet = self.report.sheet
        rows = [(place, row) for place, row in enumerate(sheet.rows) if row.mark != Mark.TO_COME]
        return sorted([*rows, *enumerate(sheet.blocks)], key=_place_of)

    def _of_line(self, line: tuple[int, Row | BlockRow]) -> list[Record]:
        place, row = line
        zone, numbers = self.report.span.zone, self.report.numbers
        partners: Sequence[Partner | None] = [None] * len(self.series)
        if isinstance(row, BlockRow):
            told = numbers.blocks[place].amounts
            amounts: Sequence[Amount] = row.of([told.get(one, 0) for one in self.series]).amounts
        else:
            claimed = partial(claims.claimed, row.sureness, unit=row.unit)
            by_time = numbers.amounts
            amounts = [claimed(by_time[one][place] if one in by_time else 0) for one in self.series]
            if self.partners:
                partners = self.partners.of_bucket(place, self.series)
        start, end, note = row.start.astimezone(zone), row.end.astimezone(zone), str(row.mark)
        return [
            Record(start, end, values, amount, note, row.is_block, partner)
            for values, amount, partner in zip(self.values, amounts, partners, strict=True)
        ]

    def _own_periods(self) -> list[Record]:
        """Each key's own billing period; keys whose periods are alike are one record."""
        zone, metric = self.report.span.zone, self.report.metric
        return [
            Record(
                period.start.astimezone(zone),
                period.end and period.end.astimezone(zone),
                (Value(str(period.account), period.words),),
                period.amounts[metric],
                "" if period.amounts[metric].is_known else "at least this much",
                is_stretch=False,
            )
            for period in self.report.own
        ]


def _has_rest(found: Numbers) -> bool:
    """Tell whether not every series stands by itself."""
    return REST in found.amounts or any(REST in block.amounts for block in found.blocks)


def _place_of(line: tuple[int, Row | BlockRow]) -> tuple[datetime, datetime | None, bool]:
    """Where a line stands among others."""
    return line[1].start, line[1].end, line[1].is_block


def records_of(team: Team, parts: Parts, now: datetime) -> Records | None:
    """The records of the question that an address asks a team; None where it has no numbers at all. Raises
    `TooMany`.
    """
    facts = Meter.objects.for_team(team).facts(now)
    if availability_of(team, facts) != Availability.SHOWN:
        return None
    return read(reading(team, facts, parts, now))


def reading(
    team: Team, facts: Facts, parts: Parts, now: datetime, known: Known | None = None
) -> Reading[Records]:
    """The same as a reading; `facts` are those of the team's meters."""
    report = yield from whole_report(team, facts, parts, now, FILE, MOST_CELLS, known)
    found = report.numbers
    if any(map(_has_rest, (found, report.compared.numbers) if report.compared else (found,))):
        count = len(found.sums_of[found.metric]) * (len(found.edges) - 1)
        raise TooMany(
            f"That is about {count:,} rows, more than the {MOST_CELLS:,} that are told at once: "
            "choose a longer step, fewer days, or a filter."
        )
    return Records(report)

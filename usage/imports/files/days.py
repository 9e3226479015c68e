"""Rows become days: what lies within one day is one stretch of time, and no time of a key is told twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from usage.books.answers.breakdown import bounded
from usage.imports.files.faults import Faults
from usage.imports.files.rows import Row
from usage.imports.files.values import LARGEST
from usage.ledger import METRICS, REQUESTS, TOKENS, UNATTRIBUTED
from usage.ledger.words import SECOND

# A row that is shorter is part of a day: the shortest day has 23 hours.
SHORTEST_DAY = 23 * 3_600 * SECOND
# Of one key: eleven years. They are taken in together.
MOST_DAYS = 4_000

SAME = "It tells the same as line {}: the same key, model and time."
OVERLAPS = "It overlaps the time of line {}, of the same key."
BELOW_ZERO = "With the other rows of its time it comes to less than nothing."
TOO_LARGE = "With the other rows of its time it comes to more than raxdash counts."
CURRENCIES = "With the other rows of its time it tells costs in two currencies. Import them apart."
TOO_MANY = f"A file tells at most {MOST_DAYS:,} days of one key. Import it in parts."


@dataclass(slots=True)
class Told:
    """What a meter used in [start, end), by model and metric, from lines of which one is `line`.

    `is_part` says that its rows are parts of one day.
    """

    meter: int
    start: int
    end: int
    day: date
    line: int
    is_stretch: bool
    is_part: bool
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row) -> Self:
        """The time of a row, without its numbers."""
        is_part = row.end - row.start < SHORTEST_DAY
        return cls(row.meter, row.start, row.end, row.day, row.line, row.is_stretch, is_part)

    def total(self, metric: str) -> int:
        """What was used of a metric."""
        return sum(count for (_, one), count in self.counts.items() if one == metric)

    def tells(self, metric: str) -> bool:
        """Tell whether it tells anything of a metric."""
        return any(one == metric for _, one in self.counts)

    @property
    def currencies(self) -> list[str]:
        """The metrics of what it cost, one for each currency."""
        return sorted({metric for _, metric in self.counts} - {*METRICS})

    def breakdown(self) -> dict[str, list[int]]:
        """{model: [tokens, requests]} of what has a model."""
        models = {model for model, metric in self.counts if metric in METRICS} - {UNATTRIBUTED}
        counts = {
            model: (self.counts.get((model, TOKENS), 0), self.counts.get((model, REQUESTS), 0))
            for model in sorted(models)
        }
        return {model: [tokens or 0, requests or 0] for model, (tokens, requests) in bounded(counts).items()}

    def take_in(self, other: "Told") -> None:
        """Let this be of its own time and of another's, which follows or overlaps it."""
        self.end = max(self.end, other.end)
        self.is_stretch = self.is_stretch or other.is_stretch
        self.is_part = self.is_part and other.is_part and not self.is_stretch
        for name, count in other.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count


def days_of(rows: Iterable[Row], faults: Faults) -> list[Told]:
    """The days that rows tell, by meter and time; what cannot be goes to `faults`."""
    by_meter: dict[int, dict[tuple[int, int], Told]] = defaultdict(dict)
    lines: dict[tuple[int, int, int, str, str], int] = {}
    for row in rows:
        place = row.start, row.end
        told = by_meter[row.meter].setdefault(place, Told.of(row))
        told.is_stretch = told.is_stretch or row.is_stretch
        for metric, count in row.counts.items():
            name = row.meter, *place, row.model, metric
            if (line := lines.setdefault(name, row.line)) != row.line:
                faults.add(row.line, SAME.format(line))
            else:
                told.counts[row.model, metric] = count
    return [day for meter in sorted(by_meter) for day in _of_meter(by_meter[meter].values(), faults)]


def _of_meter(spans: Iterable[Told], faults: Faults) -> list[Told]:
    days = list(_joined(_apart(sorted(spans, key=lambda one: (one.start, one.end)), faults)))
    for day in days:
        totals = [day.total(metric) for metric in (*METRICS, *day.currencies)]
        if len(day.currencies) > 1:
            faults.add(day.line, CURRENCIES)
        if min(totals) < 0:
            faults.add(day.line, BELOW_ZERO)
        if max(totals) > LARGEST:
            faults.add(day.line, TOO_LARGE)
    if len(days) > MOST_DAYS:
        faults.add(days[MOST_DAYS].line, TOO_MANY)
    return days


def _apart(spans: Iterable[Told], faults: Faults) -> Iterator[Told]:
    """Spans that do not overlap: a stretch takes those in that lie within it, its sum is of all of them."""
    last: Told | None = None
    for span in spans:
        if last is None or span.start >= last.end:
            if last is not None:
                yield last
            last = span
        elif last.is_stretch or span.is_stretch:
            last.take_in(span)
        else:
            faults.add(span.line, OVERLAPS.format(last.line))
    if last is not None:
        yield last


def _joined(spans: Iterable[Told]) -> Iterator[Told]:
    """Parts of one day that follow each other without a gap become one."""
    last: Told | None = None
    for span in spans:
        if last is not None and last.is_part and span.is_part and follows(last, span):
            last.take_in(span)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def follows(last: Told, span: Told) -> bool:
    """Tell whether a span goes on where another one of its day ends."""
    return last.end == span.start and last.day == span.day

"""The numbers of a chart as a table: buckets in rows, models in columns. The chart draws exactly this."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from usage.explore.labels import bucket_labels
from usage.explore.palette import COLOURS, OTHER_COLOUR, UNATTRIBUTED_COLOUR, colour_numbers
from usage.explore.spans import Span
from usage.ledger import UNATTRIBUTED, Quality

MOST_COLUMNS = 8
OTHER = "Other"
UNSEEN = (Quality.UNKNOWN, Quality.TAIL_UNKNOWN)
# The seconds between a period's last poll and its end are told as a note; they must not hatch a whole day.
LEAST_UNSEEN = 0.01
LEAST_INTERPOLATED = 0.25


class Mark(StrEnum):
    """How far a bucket's numbers can be trusted, where that needs a word."""

    NONE = ""
    COMING = "still to come"
    PROVISIONAL = "not complete yet"
    UNKNOWN = "nothing was seen"
    PARTLY_UNKNOWN = "partly unseen: at least this much"
    BEFORE_WATCHING = "from before raxdash watched: the sum is exact, its spread is not"
    INTERPOLATED = "polls were missed: the sum is exact, its spread is not"


@dataclass(frozen=True, slots=True)
class Seen:
    """How a bucket was seen: microseconds by quality, and whether polls are still to come for it."""

    qualities: Mapping[str, int]
    is_provisional: bool = False

    def share(self, *qualities: Quality) -> float:
        """The part of the bucket's known length with one of these qualities, 0 to 1."""
        length = sum(self.qualities.values())
        return sum(self.qualities.get(quality, 0) for quality in qualities) / length if length else 0.0

    @property
    def unseen(self) -> float:
        """The part that nobody saw, 0 to 1; too little to be drawn counts as none."""
        share = self.share(*UNSEEN)
        return share if share >= LEAST_UNSEEN else 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """One series of the chart. `number` names its colour: 0 to 7, `other` or `unattributed`."""

    name: str
    number: int | str
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum over all buckets."""
        return sum(self.amounts)

    @property
    def label(self) -> str:
        """The name that people read."""
        return "Unattributed" if self.name == UNATTRIBUTED else self.name

    @property
    def colour(self) -> str:
        """The colour as `#rrggbb`."""
        if isinstance(self.number, int):
            return COLOURS[self.number]
        return OTHER_COLOUR if self.number == "other" else UNATTRIBUTED_COLOUR


@dataclass(frozen=True, slots=True)
class Row:
    """One bucket; `amounts` stand in the order of the columns, `unseen` is the share nobody saw."""

    label: str
    start: datetime
    end: datetime
    mark: Mark
    unseen: float
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum over all series."""
        return sum(self.amounts)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the chart draws and the table says of one metric over one span."""

    span: Span
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        """The sum of everything."""
        return sum(column.total for column in self.columns)

    def without(self, hidden: Container[str]) -> "Sheet":
        """The same buckets without some series; with all of them where none would be left."""
        places = [place for place, column in enumerate(self.columns) if column.name not in hidden]
        if not places or len(places) == len(self.columns):
            return self
        columns = tuple(self.columns[place] for place in places)
        rows = (replace(row, amounts=tuple(row.amounts[place] for place in places)) for row in self.rows)
        return replace(self, columns=columns, rows=tuple(rows))

    def past(self) -> list[Row]:
        """The rows that have begun, newest first, as a table lists them."""
        return [row for row in reversed(self.rows) if row.mark != Mark.COMING]

    def shares(self) -> list[tuple[Column, float]]:
        """The columns by size with their percentage of the total."""
        ordered = sorted(self.columns, key=lambda column: -column.total)
        return [(column, 100 * column.total / self.total) for column in ordered] if self.total > 0 else []


def make_sheet(
    span: Span,
    amounts: Mapping[str, Sequence[int]],
    seen: Sequence[Seen],
    known: Iterable[str],
    now: datetime,
) -> Sheet:
    """Lay out amounts by model and bucket; `known` are all models of the team, the first seen first."""
    columns = make_columns(amounts, list(known))
    buckets = zip(bucket_labels(span), span.buckets(), seen, strict=True)
    rows = tuple(
        Row(
            label,
            start,
            end,
            mark_of(facts, coming=start >= now),
            facts.unseen,
            tuple(column.amounts[place] for column in columns),
        )
        for place, (label, (start, end), facts) in enumerate(buckets)
    )
    return Sheet(span, columns, rows)


def make_columns(amounts: Mapping[str, Sequence[int]], known: Sequence[str]) -> tuple[Column, ...]:
    """The eight largest models in the order they first came, then the sum of others, then the residual."""
    used = {name: tuple(series) for name, series in amounts.items() if any(series)}
    residual = used.pop(UNATTRIBUTED, None)
    shown = sorted(used, key=lambda name: (-sum(map(abs, used[name])), name))[:MOST_COLUMNS]
    place = {name: number for number, name in enumerate(known)}
    shown.sort(key=lambda name: (place.get(name, len(place)), name))
    numbers = colour_numbers((name for name in known if name != UNATTRIBUTED), shown)
    columns = [Column(name, numbers[name], used[name]) for name in shown]
    if rest := [series for name, series in used.items() if name not in numbers]:
        columns.append(Column(OTHER, "other", tuple(map(sum, zip(*rest, strict=True)))))
    if residual:
        columns.append(Column(UNATTRIBUTED, "unattributed", residual))
    return tuple(columns)


def mark_of(seen: Seen, *, coming: bool) -> Mark:
    """The one word a bucket needs most."""
    if coming:
        return Mark.COMING
    if seen.is_provisional:
        return Mark.PROVISIONAL
    if seen.unseen >= 1:
        return Mark.UNKNOWN
    if seen.unseen > 0:
        return Mark.PARTLY_UNKNOWN
    if seen.share(Quality.BEFORE_WATCHING) >= 0.5:
        return Mark.BEFORE_WATCHING
    return Mark.INTERPOLATED if seen.share(Quality.INTERPOLATED) >= LEAST_INTERPOLATED else Mark.NONE

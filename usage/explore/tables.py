"""The numbers of a chart as a table: buckets in rows, models in columns. The chart draws exactly this."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from usage import claims
from usage.claims import Amount, Sureness
from usage.explore.labels import bucket_labels
from usage.explore.marks import Mark, Seen
from usage.explore.palette import COLOURS, OTHER_COLOUR, UNATTRIBUTED_COLOUR, colour_numbers
from usage.explore.spans import Span
from usage.ledger import UNATTRIBUTED

MOST_COLUMNS = 8
# No model's name: a provider may well offer one that is called "Other".
OTHER = "(other models)"
LABELS = {UNATTRIBUTED: "Unattributed", OTHER: "Other models"}


@dataclass(frozen=True, slots=True)
class Column:
    """One series of the chart. `number` names its colour: 0 to 7, `other` or `unattributed`."""

    name: str
    number: int | str
    amounts: tuple[Amount, ...]

    @property
    def total(self) -> Amount:
        """The sum over all buckets."""
        return claims.total(self.amounts)

    @property
    def label(self) -> str:
        """The name that people read."""
        return LABELS.get(self.name, self.name)

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
    sureness: Sureness
    amounts: tuple[Amount, ...]

    @property
    def total(self) -> Amount:
        """The sum over all series."""
        return claims.claimed(self.sureness, sum(amount.certain for amount in self.amounts))


@dataclass(frozen=True, slots=True)
class Share:
    """A column's part: how long its bar is (0 to 100, beside the longest), and its percentage of the total,
    None where there is no whole that it could be a part of.
    """

    column: Column
    width: float
    percentage: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the chart draws and the table says of one metric over one span."""

    span: Span
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> Amount:
        """The sum of everything."""
        return self.claimed(sum(column.total.certain for column in self.columns))

    @property
    def sureness(self) -> Sureness:
        """How far the span is known."""
        return claims.surest(row.sureness for row in self.rows)

    def claimed(self, certain: int) -> Amount:
        """An amount of the whole span, as far as that is known."""
        return claims.claimed(self.sureness, certain)

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
        return [row for row in reversed(self.rows) if row.mark != Mark.TO_COME]

    def shares(self) -> list[Share]:
        """The columns by size. Where usage was taken back from one, the others are no parts of a whole."""
        ordered = sorted(self.columns, key=lambda column: -column.total.certain)
        amounts = [column.total.certain for column in ordered]
        longest, whole = max(map(abs, amounts), default=0), sum(amounts)
        has_parts = whole > 0 and min(amounts) >= 0
        return [
            Share(
                column,
                max(100 * amount / (whole if has_parts else longest or 1), 0.0),
                100 * amount / whole if has_parts else None,
            )
            for column, amount in zip(ordered, amounts, strict=True)
        ]


def make_sheet(
    span: Span,
    amounts: Mapping[str, Sequence[int]],
    seen: Sequence[Seen],
    known: Iterable[str],
    now: datetime,
) -> Sheet:
    """Lay out amounts by model and bucket; `known` are all models of the team, the first seen first."""
    buckets = list(zip(bucket_labels(span), span.buckets(), seen, strict=True))
    surenesses = [
        Sureness.TO_COME
        if start >= now
        else sureness_of(facts, [series[place] for series in amounts.values()])
        for place, (_, (start, _), facts) in enumerate(buckets)
    ]
    columns = make_columns(amounts, list(known), surenesses)
    rows = tuple(
        Row(
            label,
            start,
            end,
            Mark.TO_COME if start >= now else facts.mark,
            facts.unseen,
            surenesses[place],
            tuple(column.amounts[place] for column in columns),
        )
        for place, (label, (start, end), facts) in enumerate(buckets)
    )
    return Sheet(span, columns, rows)


def sureness_of(seen: Seen, amounts: Iterable[int]) -> Sureness:
    """How far a bucket's amounts are known: what was counted in it is there, whoever saw it."""
    return Sureness.AT_LEAST if seen.sureness == Sureness.UNKNOWN and any(amounts) else seen.sureness


def make_columns(
    amounts: Mapping[str, Sequence[int]], known: Sequence[str], surenesses: Sequence[Sureness]
) -> tuple[Column, ...]:
    """The eight largest models in the order they first came, then the sum of others, then the residual."""
    used = {name: tuple(series) for name, series in amounts.items() if any(series)}
    residual, unseated = used.pop(UNATTRIBUTED, None), used.pop(OTHER, None)
    shown = sorted(used, key=lambda name: (-sum(map(abs, used[name])), name))[:MOST_COLUMNS]
    place = {name: number for number, name in enumerate(known)}
    shown.sort(key=lambda name: (place.get(name, len(place)), name))
    numbers = colour_numbers((name for name in known if name not in LABELS), shown)
    laid_out: list[tuple[str, int | str, Sequence[int]]] = [
        (name, numbers[name], used[name]) for name in shown
    ]
    rest = [series for name, series in used.items() if name not in numbers]
    if rest := [*rest, *([unseated] if unseated else [])]:
        laid_out.append((OTHER, "other", tuple(map(sum, zip(*rest, strict=True)))))
    if residual:
        laid_out.append((UNATTRIBUTED, "unattributed", residual))
    return tuple(
        Column(name, number, tuple(map(claims.claimed, surenesses, series)))
        for name, number, series in laid_out
    )

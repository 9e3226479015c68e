"""How numbers are laid out in a sheet: which series have a column, in which order, and what each claims."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from usage import claims
from usage.claims import COUNT, Sureness, Unit
from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.query.spans import Span
from usage.explore.reading.amounts import NO_TRACES, Traces
from usage.explore.reading.names import Names
from usage.explore.reading.scope.series import NONE, OTHERS, REST
from usage.explore.reading.sums.stretches import Block
from usage.explore.sheet.block_rows import block_row
from usage.explore.sheet.labels import bucket_labels
from usage.explore.sheet.marks import Mark, Seen
from usage.explore.sheet.palette import colour_numbers
from usage.explore.sheet.short_names import told_apart
from usage.explore.sheet.tables import Column, Row, Sheet

MOST_COLUMNS = 8
# By model, what has none and models without a line of their own stand beside those that are told apart.
RESIDUAL, UNSEATED = (NONE,), (OTHERS,)


def make_sheet(
    span: Span,
    by: Sequence[Dimension],
    amounts: Mapping[SeriesId, Sequence[int]],
    seen: Sequence[Seen],
    names: Names,
    now: datetime,
    blocks: Sequence[Block] = (),
    used: Sequence[int] | None = None,
    unit: Unit = COUNT,
    traces: Traces = NO_TRACES,
) -> Sheet:
    """Lay out amounts by series and bucket, and what was used in stretches that are longer, counted in a
    unit, with the `traces` of what is less than one. `used` is what all series used together, where they
    overlap.
    """
    buckets = list(zip(bucket_labels(span), span.buckets(), seen, strict=True))
    is_to_come = [start >= now for _, (start, _), _ in buckets]
    surenesses = [
        Sureness.TO_COME if coming else sureness_of(facts, (series[place] for series in amounts.values()))
        for place, ((_, _, facts), coming) in enumerate(zip(buckets, is_to_come, strict=True))
    ]
    columns = make_columns(by, amounts, names, surenesses, blocks, unit, traces)
    marks = _marks(seen, list(zip(*amounts.values(), strict=True)), blocks)
    rows = (
        Row(
            label,
            start,
            end,
            Mark.TO_COME if is_to_come[place] else marks[place],
            facts.unseen,
            surenesses[place],
            Sureness.TO_COME if is_to_come[place] else facts.sureness,
            tuple(column.amounts[place] for column in columns),
            None if used is None else used[place],
            unit,
            facts.spread,
        )
        for place, (label, (start, end), facts) in enumerate(buckets)
    )
    is_untold = any(facts.is_untold for facts in seen)
    beside = (
        replace(
            block_row(block, span, is_untold=is_untold),
            used=tuple(column.beside[place] for column in columns),
            apart=None if used is None else block.total,
            unit=unit,
        )
        for place, block in enumerate(blocks)
    )
    sheet = Sheet(span, columns, tuple(rows), tuple(beside), unit)
    return replace(sheet, columns=tuple(map(partial(_summed, sheet), columns)))


def _marks(seen: Sequence[Seen], used: Sequence[Sequence[int]], blocks: Sequence[Block]) -> list[Mark]:
    """The word of each bucket. Where nothing was used before watching began, its spread is no question."""
    marks = [facts.mark for facts in seen]
    before = [place for place, mark in enumerate(marks) if mark == Mark.BEFORE_WATCHING]
    if blocks or any(any(used[place]) for place in before if used):
        return marks
    return [Mark.NONE if mark == Mark.BEFORE_WATCHING else mark for mark in marks]


def _summed(sheet: Sheet, column: Column) -> Column:
    """A column with its total, as far as that is known."""
    pairs = list(zip(column.beside, sheet.blocks, strict=True))
    certain = sum(amount.certain for amount in column.amounts)
    certain += sum(amount for amount, block in pairs if not block.is_cut)
    more = sum(amount for amount, block in pairs if block.is_cut)
    below = sum(amount.below for amount in column.amounts)
    return replace(column, total=claims.claimed(sheet.sureness, certain, more, sheet.unit, below))


def sureness_of(seen: Seen, amounts: Iterable[int]) -> Sureness:
    """How far a bucket's amounts are known: what was counted in it is there, whoever saw it."""
    is_counted = seen.own_sureness == Sureness.UNKNOWN and any(amounts)
    return Sureness.AT_LEAST if is_counted else seen.own_sureness


def make_columns(
    by: Sequence[Dimension],
    amounts: Mapping[SeriesId, Sequence[int]],
    names: Names,
    surenesses: Sequence[Sureness],
    blocks: Sequence[Block] = (),
    unit: Unit = COUNT,
    traces: Traces = NO_TRACES,
) -> tuple[Column, ...]:
    """The eight largest series in the order they first came, then the sum of others, then the residual. Their
    totals are still to be made.
    """
    laid_out = _laid_out(by, _with_blocks(amounts, len(surenesses), blocks, traces), names)
    count = len(surenesses)
    below = _below(traces, [series for series, *_ in laid_out])
    short_names = told_apart([names.parts_of(by, series) for series, *_ in laid_out])
    return tuple(
        Column(
            series,
            names.of_series(by, series),
            f"{short}{names.after(series)}",
            number,
            tuple(
                claims.claimed(sure, value, unit=unit, below=below[series][place])
                for place, (sure, value) in enumerate(zip(surenesses, values[:count], strict=True))
            ),
            tuple(values[count:]),
            claims.UNKNOWN,
        )
        for (series, number, values), short in zip(laid_out, short_names, strict=True)
    )


def _laid_out(
    by: Sequence[Dimension], used: dict[SeriesId, tuple[int, ...]], names: Names
) -> list[tuple[SeriesId, int | str, Sequence[int]]]:
    """The columns in their order: of each its series, its colour's number, and its amounts."""
    residual = used.pop(RESIDUAL, None) if tuple(by) == (Dimension.MODEL,) else None
    rest = {series: used.pop(series) for series in _beside(by) if series in used}
    ordered = sorted(used, key=lambda series: (-sum(map(abs, used[series])), series))
    rest |= {series: used[series] for series in ordered[MOST_COLUMNS:]}
    places = {series: names.place(by, series) for series in ordered[:MOST_COLUMNS]}
    numbers = colour_numbers(places)
    in_order = sorted(places, key=lambda series: (places[series], series))
    found: list[tuple[SeriesId, int | str, Sequence[int]]] = [
        (series, numbers[series], used[series]) for series in in_order
    ]
    if rest:
        series = next(iter(rest)) if len(rest) == 1 and not ordered[MOST_COLUMNS:] else REST
        found.append((series, "other", tuple(map(sum, zip(*rest.values(), strict=True)))))
    if residual:
        found.append((RESIDUAL, "unattributed", residual))
    return found


def _beside(by: Sequence[Dimension]) -> list[SeriesId]:
    """The series that are several in one, beside those that are told apart."""
    return [REST, UNSEATED] if tuple(by) == (Dimension.MODEL,) else [REST]


def _below(traces: Traces, shown: Sequence[SeriesId]) -> dict[SeriesId, Counter[int]]:
    """What each column does not reach, by bucket; what none shows by itself is in that of all others."""
    found = {series: Counter[int]() for series in (*shown, REST)}
    for series, places in traces.at.items():
        found[series if series in found else REST].update(places)
    return found


def _with_blocks(
    amounts: Mapping[SeriesId, Sequence[int]], count: int, blocks: Sequence[Block], traces: Traces
) -> dict[SeriesId, tuple[int, ...]]:
    """Every series that was used, in the buckets and then in the blocks."""
    names = dict.fromkeys([*amounts, *(name for block in blocks for name in block.amounts)])
    nothing = (0,) * count
    series = {
        name: (*amounts.get(name, nothing), *(block.amounts.get(name, 0) for block in blocks))
        for name in names
    }
    return {name: values for name, values in series.items() if any(values) or name in traces.at}

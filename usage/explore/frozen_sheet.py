"""The numbers that a frozen page draws, bucket by bucket, as plain values: what files of it are made of."""

from typing import Any

from usage.claims import Amount
from usage.explore.query.dimensions import SeriesId
from usage.explore.report import Report
from usage.explore.sheet.block_rows import BlockRow
from usage.explore.sheet.marks import Mark, quality_of
from usage.explore.sheet.tables import Row


def sheet_of(report: Report) -> dict[str, Any]:
    """What a page draws: {by, measure, unit, columns, lines}, oldest first. A column is the names of its
    values, a line [start, end, note, whether it is a stretch, [amount, quality, more] of each column]. Times
    are ISO, in the team's zone; money is a text of all its digits.
    """
    drawn, zone, unit = report.drawn, report.span.zone, report.sheet.unit
    begun = [row for row in drawn.rows if row.mark != Mark.TO_COME]
    lines: list[Row | BlockRow] = sorted([*begun, *drawn.blocks], key=lambda line: (line.start, line.end))
    return {
        "by": [str(one) for one in report.numbers.by],
        "measure": str(report.query.measure),
        "unit": [unit.currency or report.query.measure.unit, unit.is_estimate],
        "columns": [names_of(report, column.series, column.label) for column in drawn.columns],
        "lines": [
            [
                line.start.astimezone(zone).isoformat(),
                line.end.astimezone(zone).isoformat(),
                str(line.mark),
                line.is_block,
                [cell(amount, str(line.mark)) for amount in line.amounts],
            ]
            for line in lines
        ],
    }


def names_of(report: Report, series: SeriesId, label: str) -> list[str]:
    """What people call each value of a series; of several series together that they are others."""
    by, names = report.numbers.by, report.numbers.names
    if len(series) != len(by):
        return [label, *[""] * (len(by) - 1)]
    return [names.of(of, one) for of, one in zip(by, series, strict=True)]


def cell(amount: Amount, note: str) -> list[int | str | None]:
    """How much it was, how far that is known, and how much more there may be; null where nothing is."""
    certain = None if amount.drawn is None else amount.unit.told(amount.certain)
    return [certain, quality_of(amount, note), amount.unit.told(amount.more) if amount.more else None]

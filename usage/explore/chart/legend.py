"""The legend of the chart: each series with the questions that hide it, show it, or show it alone."""

from collections.abc import Container
from dataclasses import dataclass

from usage.explore.query.query import Query
from usage.explore.sheet.tables import Column, Sheet


@dataclass(frozen=True, slots=True)
class Entry:
    """One series in the legend: the queries that hide or show it, and that show it alone."""

    column: Column
    is_hidden: bool
    toggle: str
    alone: str


def entries(query: Query, sheet: Sheet, drawn: Sheet) -> list[Entry]:
    """Every series of a sheet, of which those of `drawn` are shown."""
    shown = {column.name for column in drawn.columns}
    return [
        Entry(
            column,
            column.name not in shown,
            _showing(query, sheet, shown ^ {column.name}),
            _showing(query, sheet, {column.name}),
        )
        for column in sheet.columns
    ]


def _showing(query: Query, sheet: Sheet, names: Container[str]) -> str:
    hidden = tuple(column.name for column in sheet.columns if column.name not in names)
    return query.address(hidden=hidden if len(hidden) < len(sheet.columns) else ())

"""The rows of a table of values in the order that was chosen."""

from collections.abc import Callable, Sequence

from usage.explore.query.listing import Listing, Order
from usage.explore.sheet.breakdown import Line
from usage.explore.sheet.changes import NEW

TEXTS = (Order.NAME, Order.OWNER)


def in_order(
    lines: Sequence[Line], listing: Listing, metric: str, owner_of: Callable[[Line], str]
) -> list[Line]:
    """Lines, of which those with the most of a metric come first, by the order that a listing asks for; equal
    ones stay as they are.
    """
    order = listing.order or Order(metric)
    if order in TEXTS:
        text = owner_of if order == Order.OWNER else _label
        return sorted(lines, key=lambda line: text(line).casefold(), reverse=listing.is_reversed)
    number = {Order.AVERAGE: _average, Order.CHANGE: lambda line: _change(line, metric)}.get(
        order, lambda line: line.of(order).certain
    )
    return sorted(lines, key=number, reverse=not listing.is_reversed)


def direction(order: Order, listing: Listing, metric: str) -> str:
    """How a column is sorted, as `aria-sort` says it; empty where it is not."""
    if order != (listing.order or Order(metric)):
        return ""
    return "ascending" if (order in TEXTS) != listing.is_reversed else "descending"


def _label(line: Line) -> str:
    return line.label


def _average(line: Line) -> float:
    return line.average.number or 0


def _change(line: Line, metric: str) -> float:
    """What is new before all percentages, what is not known behind them."""
    change = line.change(metric)
    if change.words == NEW:
        return float("inf")
    return float("-inf") if change.percentage is None else change.percentage

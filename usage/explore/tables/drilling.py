"""From a value of a table to the question about it alone, one level deeper: model, then key, then day."""

from usage.explore.query.dimensions import Dimension, SeriesId
from usage.explore.query.listing import Order
from usage.explore.query.query import Query
from usage.explore.reading.scope.series import plain

# Below all others lie keys.
MODELS_BELOW = {Dimension.KEY, Dimension.ACCOUNT, Dimension.MEMBER, Dimension.SOURCE}


def deeper(query: Query, series: SeriesId) -> str:
    """The address of the question about the value or values of a series alone, which keeps all else. What it
    is grouped by next is the second dimension, or what usually is of interest; at last the days.
    """
    asked = query
    for dimension, value in zip(query.by, series, strict=False):
        asked = asked.only(dimension, plain(value))
    rest = query.by[len(series) :] or _next(asked, query.by[-1])
    listing = query.listing.changed(is_all=False)
    if listing.order in (Order.NAME, Order.OWNER):
        listing = listing.changed(order=None, is_reversed=False)
    if not rest:
        listing = listing.changed(by_time=True)
    return asked.address(by=rest or query.by[-1:], hidden=(), listing=listing)


def _next(asked: Query, last: Dimension) -> tuple[Dimension, ...]:
    """By what is grouped below a dimension; nothing where its values are filtered already."""
    below = Dimension.MODEL if last in MODELS_BELOW else Dimension.KEY
    chosen = [each for each in asked.filtered(below) if not each.is_not and len(each.ids) == 1]
    return () if chosen else (below,)

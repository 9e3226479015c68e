"""A table's rows a page at a time, with the questions that show the others."""

from collections.abc import Sequence
from typing import Any

from common.lists import TurnedPage, turned_page
from usage.explore.query.query import Query

type RowPage = TurnedPage[Any]


def row_page(rows: Sequence[Any], query: Query, per_page: int) -> RowPage:
    """The page of rows that a question asks for, or the nearest one."""

    def address(number: int) -> str:
        return f"?{query.address(listing=query.listing.changed(page=number))}"

    return turned_page(rows, query.listing.page, per_page, address)

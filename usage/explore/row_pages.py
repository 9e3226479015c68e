"""A table's rows a page at a time, with the questions that show the others."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator

from common.lists import nearest
from usage.explore.query.query import Query


class RowPage(Page[Any]):
    """One page of rows, as the template of pagers shows them."""

    def __init__(self, page: Page[Any], query: Query) -> None:
        super().__init__(page.object_list, page.number, page.paginator)
        self._query = query

    @property
    def previous(self) -> str:
        """The address of the page before; empty on the first."""
        return self._to(self.number - 1) if self.has_previous() else ""

    @property
    def next(self) -> str:
        """The address of the page behind; empty on the last."""
        return self._to(self.number + 1) if self.has_next() else ""

    def _to(self, number: int) -> str:
        return f"?{self._query.address(listing=self._query.listing.changed(page=number))}"


def row_page(rows: Sequence[Any], query: Query, per_page: int) -> RowPage:
    """The page of rows that a question asks for, or the nearest one."""
    paginator = Paginator(rows, per_page)
    return RowPage(paginator.page(nearest(str(query.listing.page), paginator.num_pages)), query)

"""A list that is filtered, ordered and shown a page at a time; all of its state stands in its address.

    orders = order(("new", "Newest"), ("name", "By name"))
    address = ListAddress(request.GET, Search("q", "Name"), order=orders)
    people = Person.objects.named(address["q"]).order_by(*ORDERS[address["sort"]])
    page = address.page_of(people, per_page=25)

A page that is not there is the nearest one. The templates common/_filters.html and
common/_pager.html show an address and a page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from common.filters import Choice, Filter


class ListAddress:
    """What the query of an address says of a list: the value of each filter, the order, and the page."""

    def __init__(self, query: Mapping[str, str], *filters: Filter, order: Choice | None = None) -> None:
        self.filters = filters
        self._all = (*filters, order) if order else filters
        self._values = {each.name: each.read(query.get(each.name, each.default)) for each in self._all}
        self._page = query.get("page", "")

    def __getitem__(self, name: str) -> str:
        """Return the value of a filter, or of the order."""
        return self._values[name]

    def query(self, **changes: str) -> str:
        """Return the query of this list with `changes`: of its first page, unless they name another `page`.

        It begins with the question mark and says what differs from the defaults.
        """
        defaults = {each.name: each.default for each in self._all} | {"page": "1"}
        values = self._values | changes
        return "?" + urlencode({name: value for name, value in values.items() if value != defaults[name]})

    @property
    def is_filtered(self) -> bool:
        """Tell whether some filter leaves out a part of the list."""
        return any(self[each.name] != each.default for each in self.filters)

    @property
    def is_default(self) -> bool:
        """Tell whether nothing is filtered and the order is the usual one."""
        return self.query() == "?"

    @property
    def cleared(self) -> str:
        """The query of the whole list in the present order."""
        return self.query(**{each.name: each.default for each in self.filters})

    @property
    def fields(self) -> list["Field"]:
        """What stands in the form of filters."""
        return [Field(each, self) for each in self._all if not each.is_switch]

    @property
    def switches(self) -> list["Field"]:
        """What stands beside the form as rows of links."""
        return [Field(each, self) for each in self._all if each.is_switch]

    def page_of[Row](
        self, rows: QuerySet[Any, Row] | Sequence[Row], per_page: int, count: int | None = None
    ) -> "ListPage[Row]":
        """Return the page of `rows` that the address names; who knows their `count` already saves a query."""
        paginator = Paginator(rows, per_page)
        if count is not None:
            paginator.count = count
        return ListPage(paginator.page(nearest(self._page, paginator.num_pages)), self)


def nearest(number: str, last: int) -> int:
    """Return the page nearest to the one that an address names; the first one for what is no number."""
    try:
        return min(max(int(number), 1), last)
    except ValueError:
        return 1


class Option(NamedTuple):
    """One value of a choice, and the query that chooses it."""

    value: str
    words: str
    is_chosen: bool
    query: str


class Field:
    """A filter with its value in an address, as templates want it."""

    def __init__(self, declared: Filter, address: ListAddress) -> None:
        self.declared, self.address = declared, address
        self.name, self.label, self.kind = declared.name, declared.label, declared.kind
        self.value = address[declared.name]
        self.is_set = self.value != declared.default

    def options(self) -> Iterator[Option]:
        """What a choice offers, in order."""
        offered = self.declared.options if isinstance(self.declared, Choice) else ()
        for value, words in offered:
            yield Option(value, words, value == self.value, self.address.query(**{self.name: value}))


class TurnedPage[Row](Page[Row]):
    """One page of rows, with the ways to those beside it: `way` gives the address of a page by its number."""

    def __init__(self, page: Page[Row], way: Callable[[int], str]) -> None:
        super().__init__(page.object_list, page.number, page.paginator)
        self._way = way

    @property
    def previous(self) -> str:
        """The address of the page before, or nothing."""
        return self._way(self.number - 1) if self.has_previous() else ""

    @property
    def next(self) -> str:
        """The address of the page after, or nothing."""
        return self._way(self.number + 1) if self.has_next() else ""


def turned_page[Row](
    rows: Sequence[Row], number: int, per_page: int, way: Callable[[int], str]
) -> TurnedPage[Row]:
    """Return a page of rows that are at hand, or the nearest one."""
    paginator = Paginator(rows, per_page)
    return TurnedPage(paginator.page(nearest(str(number), paginator.num_pages)), way)


class ListPage[Row](TurnedPage[Row]):
    """One page of a list, with the queries of those beside it."""

    def __init__(self, page: Page[Row], address: ListAddress) -> None:
        super().__init__(page, lambda number: address.query(page=str(number)))
        self.address = address

    @property
    def has_choice(self) -> bool:
        """Tell whether there is something to search or to turn: one page needs neither."""
        return self.has_other_pages() or not self.address.is_default

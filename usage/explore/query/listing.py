"""How the table below the chart lists its rows: carried in every address, but no part of what is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

MOST_PAGES = 10_000


class Order(StrEnum):
    """By what rows are ordered: their names from A on, numbers from the largest on."""

    NAME = "name"
    OWNER = "owner"
    TOKENS = "tokens"
    REQUESTS = "requests"
    COST = "cost"
    CHANGE = "change"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows `by_time`, or by what the question groups by; in an `order` (None: the largest first) that may be
    turned round; all rows a `page` at a time, or the largest and the sum of all others.
    """

    by_time: bool = False
    order: Order | None = None
    is_reversed: bool = False
    is_all: bool = False
    page: int = 1

    def changed(self, **parts: Any) -> Self:
        """The first page of the same with some parts changed; another `page` where that is what changes."""
        return replace(self, **({"page": 1} | parts))

    def ordered(self, order: Order, usual: Order) -> Self:
        """The same by another order; turned round where it has that one. `usual` is what None stands for."""
        is_same = order == (self.order or usual)
        is_reversed = is_same and not self.is_reversed
        told = None if order == usual and not is_reversed else order
        return self.changed(order=told, is_reversed=is_reversed)

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Its parts as an address has them; defaults are left out."""
        if self.by_time:
            yield "table", "time"
        if self.order:
            yield "sort", f"-{self.order}" if self.is_reversed else self.order
        if self.is_all:
            yield "rows", "all"
        if self.page > 1:
            yield "page", str(self.page)


def read_order(word: str) -> Order | None:
    """By what a word of an address sorts, either way round; None where that is nothing."""
    name = word.removeprefix("-")
    return Order(name) if name in list(Order) else None


def read_page(text: str) -> int | None:
    """A page by its number as an address has it; None where that is no number of one."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 6
    return int(text) if is_number and 1 <= int(text) <= MOST_PAGES else None

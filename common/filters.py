"""What an address can say of a list: words to look for, one of several values, a day.

What is not on offer is read as the default; common/lists.py has the list itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

type Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A value that an address can hold under `name`; `default` is the one that need not be said.

    A choice may be a switch: a row of links instead of a menu in the form.
    """

    kind: ClassVar[str]
    name: str
    label: str
    default: str = field(default="", kw_only=True)
    is_switch: bool = field(default=False, kw_only=True)

    def read(self, value: str) -> str:
        """Return the value that an address means by this one."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Search(Filter):
    """Words to look for: without blanks around them, and cut after `longest` characters."""

    kind = "search"
    longest: int = 80

    def read(self, value: str) -> str:
        """Return the words; PostgreSQL takes no NUL in them."""
        return value.replace("\0", "").strip()[: self.longest].rstrip()


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One of several values, each with its words."""

    kind = "choice"
    options: Options

    def read(self, value: str) -> str:
        """Return the value if it is on offer."""
        return value if value in dict(self.options) else self.default


@dataclass(frozen=True, slots=True)
class Day(Filter):
    """A day of the calendar."""

    kind = "day"

    def read(self, value: str) -> str:
        """Return the day as ISO 8601 writes it, or nothing."""
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            return ""


def order(*options: tuple[str, str]) -> Choice:
    """Return the orders in which a list can be read; the first one is the default."""
    return Choice("sort", "Order", options, is_switch=True, default=options[0][0])

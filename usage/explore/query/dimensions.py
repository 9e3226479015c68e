"""By what usage is grouped and filtered, and how the values of each are named: by ids, never by names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import quote, unquote

# A filter names no more values than this; who wants more of them filters by what they have in common.
MOST_IDS = 100

NUMBER = r"[1-9][0-9]{0,17}"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# `none`, `others`, and what raxdash ran with keys that tell nothing: `own-…`.
WORD = r"[a-z]+(?:[-_][0-9a-z]+)*"
TEXT = r"=[^\x00-\x1f\x7f]{1,200}"

# One id of a group by two dimensions holds one of each.
type SeriesId = tuple[str, ...]


class Dimension(StrEnum):
    """What usage can be grouped by; its value is its word in an address."""

    MODEL = "model"
    KEY = "key"
    ACCOUNT = "account"
    OWNER = "owner"
    PROJECT = "project"
    LABEL = "label"
    MEMBER = "member"
    SOURCE = "source"

    @property
    def label(self) -> str:
        """Its name, as a heading."""
        return LABELS[self][0]

    @property
    def plural(self) -> str:
        """Its name for several, within a sentence."""
        return LABELS[self][1]

    @property
    def is_own(self) -> bool:
        """Tell whether only raxdash's own ledger knows it: the provider's counters do not."""
        return self in (Dimension.MEMBER, Dimension.SOURCE)

    @property
    def overlaps(self) -> bool:
        """Tell whether one token may count in several groups, so that groups need not sum to the total."""
        return self == Dimension.LABEL

    def may_name(self, value: str) -> bool:
        """Tell whether a text has the shape of an id of this dimension."""
        return SHAPES[self].fullmatch(value) is not None


LABELS = {
    Dimension.MODEL: ("Model", "models"),
    Dimension.KEY: ("Key", "keys"),
    Dimension.ACCOUNT: ("Account", "accounts"),
    Dimension.OWNER: ("Key owner", "key owners"),
    Dimension.PROJECT: ("Project", "projects"),
    Dimension.LABEL: ("Label", "labels"),
    Dimension.MEMBER: ("Member", "members"),
    Dimension.SOURCE: ("Source", "sources"),
}

NUMBERED = re.compile(f"{NUMBER}|{WORD}")
SHAPES = {
    Dimension.MODEL: NUMBERED,
    Dimension.KEY: re.compile(f"{UUID}|{WORD}"),
    Dimension.ACCOUNT: NUMBERED,
    Dimension.OWNER: NUMBERED,
    Dimension.PROJECT: re.compile(f"{TEXT}|{WORD}"),
    Dimension.LABEL: NUMBERED,
    Dimension.MEMBER: NUMBERED,
    Dimension.SOURCE: re.compile(WORD),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Only these values of a dimension, or all but these where it `is_not`. `ids` are sorted and unique."""

    dimension: Dimension
    ids: tuple[str, ...]
    is_not: bool = False

    @classmethod
    def of(cls, dimension: Dimension, ids: Iterable[str], *, is_not: bool = False) -> Self:
        """A filter by some ids, in whatever order they come and however often."""
        return cls(dimension, tuple(sorted(set(ids))), is_not)

    @property
    def parameter(self) -> str:
        """Its name in an address."""
        return f"filter.{self.dimension}"

    @property
    def values(self) -> tuple[str, ...]:
        """Its values in an address, one for each id."""
        return tuple(f"!{value}" if self.is_not else value for value in self.ids)

    def admits(self, value: str) -> bool:
        """Tell whether a value of the dimension passes."""
        return (value in self.ids) != self.is_not


def series_text(series: Sequence[str]) -> str:
    """A series as one text, for an address or an attribute: its ids with a comma between them."""
    return ",".join(quote(value, safe="=") for value in series)


def series_of_text(text: str) -> SeriesId:
    """The ids of a series from its text."""
    return tuple(unquote(value) for value in text.split(","))

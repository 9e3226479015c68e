"""Whom a row is about: keys and accounts of the team, by their ids, and where these are unknown by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from teams.models import Team
from usage.imports.files.faults import quoted
from usage.models import Meter

# How keys that are gone are named in files of ours.
OF_METER = "meter-"

UNKNOWN = "{} is no key of this team."
UNNAMED = "It names no key."
SEVERAL = "{} is the name of several keys. Write the key’s id beside it."


class Named(NamedTuple):
    """How a row names its key: by id, by name, or both; by the id of its account."""

    key_id: str = ""
    name: str = ""
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The team's meters: by the ids of their keys, what these are called, and their own numbers."""

    by_id: Mapping[str, int]
    by_name: Mapping[str, frozenset[int]]
    by_number: Mapping[str, int]

    @classmethod
    def of(cls, team: Team) -> Self:
        """Look them up."""
        meters = Meter.objects.counted().filter(team=team).select_related("key").defer("state")
        return cls.among(meters)

    @classmethod
    def among(cls, meters: Iterable[Meter]) -> Self:
        """The same of meters that were read."""
        by_id: dict[str, int] = {}
        by_name: dict[str, set[int]] = defaultdict(set)
        by_number: dict[str, int] = {}
        for meter in meters:
            if meter.key_id:
                by_id[str(meter.key_id)] = meter.pk
            by_name[meter.title].add(meter.pk)
            by_number[str(meter.pk)] = meter.pk
        return cls(by_id, {name: frozenset(some) for name, some in by_name.items()}, by_number)

    def find(self, named: Named) -> int:
        """Return the meter of a row; raise `ValueError` in words where there is none, or more than one."""
        if found := self.by_id.get(named.key_id) or self._numbered(named):
            return found
        if not any(named):
            raise ValueError(UNNAMED)
        shown = quoted(named.name or named.key_id or named.account_id)
        meters = self.by_name.get(named.name, frozenset())
        if len(meters) > 1:
            raise ValueError(SEVERAL.format(shown))
        if not meters:
            raise ValueError(UNKNOWN.format(shown))
        return next(iter(meters))

    def _numbered(self, named: Named) -> int | None:
        """The meter of a number, where it is called as the row says: every installation begins with 1."""
        number = named.account_id or named.key_id.removeprefix(OF_METER)
        found = self.by_number.get(number)
        is_meant = not named.name or found in self.by_name.get(named.name, ())
        return found if is_meant else None

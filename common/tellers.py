"""What apps tell about a team on every page, without a query of their own.

Each teller says what it knows in columns about a team (subqueries with `OuterRef("pk")`), and reads them: the
query that finds a person's teams carries the columns of all. It is composed once a process: what changes from
one asking to the next is a `Given` of the columns.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Case, When

from common.database.prepared import TEAM


class Teller[Told](Protocol):
    """What an app knows of one kind of thing."""

    def columns(self) -> Mapping[str, Any]:
        """Return expressions about a team, with `NOW` and what else is given; names begin with its own."""

    def given(self, team: Any, now: datetime) -> Mapping[str, Any]:
        """Return what the columns ask with beside the time; names begin with its own."""

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Told]:
        """Return what the values of the columns say."""


class Tellers[Told]:
    """All that tell of one kind of thing."""

    def __init__(self) -> None:
        self._tellers: list[Teller[Told]] = []

    def register(self, teller: Teller[Told]) -> None:
        """Ask `teller` too."""
        if teller not in self._tellers:
            self._tellers.append(teller)

    def columns(self) -> dict[str, Case]:
        """Return what to annotate teams with; the values of others than `TEAM` are not looked for."""
        found = {name: column for teller in self._tellers for name, column in teller.columns().items()}
        return {
            name: Case(When(pk=TEAM, then=column), default=None, output_field=column.output_field)
            for name, column in found.items()
        }

    def given(self, team: Any, now: datetime) -> dict[str, Any]:
        """Return what the columns are asked with."""
        return {name: value for teller in self._tellers for name, value in teller.given(team, now).items()}

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterator[Told]:
        """Yield what the columns of a team tell; nothing where there are none."""
        for teller in self._tellers if row else ():
            yield from teller.read(row, now)

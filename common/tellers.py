"""What apps tell about a team on every page, without a query of their own.

Each teller says what it knows in columns about a team (subqueries with `OuterRef("pk")`), and reads them: the
query that finds a person's teams carries the columns of all.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Case, Model, When


class Teller[Told](Protocol):
    """What an app knows of one kind of thing."""

    def columns(self, team: Any, now: datetime) -> Mapping[str, Any]:
        """Return expressions about a team; a name begins with the teller's own."""

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

    def columns(self, team: Model, now: datetime) -> dict[str, Case]:
        """Return what to annotate teams with; the values of other teams than this one are not looked for."""
        found = {
            name: column for teller in self._tellers for name, column in teller.columns(team, now).items()
        }
        return {
            name: Case(When(pk=team.pk, then=column), default=None, output_field=column.output_field)
            for name, column in found.items()
        }

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterator[Told]:
        """Yield what the columns of a team tell; nothing where there are none."""
        for teller in self._tellers if row else ():
            yield from teller.read(row, now)

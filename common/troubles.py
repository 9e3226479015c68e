"""What is wrong right now, or was a moment ago, for whoever opens a page of a team.

Each app says what it knows in columns about a team (subqueries with `OuterRef("pk")`), and reads them. So all
of it costs no query of its own: the query that finds a person's teams carries the columns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import Case, When

# The end of a trouble is told for so long.
TOLD_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong since `since`, or was until `ended_at`.

    `words` and `past` begin a sentence that goes on with the time, for people who can do something about it;
    `advice` follows it. Others of the team are told `plain` words, and nothing of what is over.
    """

    kind: str
    words: str
    past: str
    plain: str
    since: datetime
    ended_at: datetime | None = None
    advice: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it ended."""
        return self.ended_at is not None


class Teller(Protocol):
    """What an app knows of troubles."""

    def columns(self, now: datetime) -> Mapping[str, Any]:
        """Return expressions about a team; a name begins with the teller's own."""

    def read(self, row: Mapping[str, Any], now: datetime) -> Iterable[Trouble]:
        """Return what the values of the columns say."""


_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Ask `teller` too."""
    if teller not in _tellers:
        _tellers.append(teller)


def columns(team_id: int, now: datetime) -> dict[str, Case]:
    """Return what to annotate teams with; the values of other teams than this one are not looked for."""
    found = {name: column for teller in _tellers for name, column in teller.columns(now).items()}
    return {
        name: Case(When(pk=team_id, then=column), default=None, output_field=column.output_field)
        for name, column in found.items()
    }


def read(row: Mapping[str, Any], now: datetime) -> list[Trouble]:
    """Return the troubles that the columns of a team tell of: those that go on first, the oldest first."""
    found = [trouble for teller in _tellers for trouble in teller.read(row, now)]
    return sorted(found, key=lambda trouble: (trouble.is_over, trouble.since))


def in_plain_words(troubles: Iterable[Trouble]) -> list[Trouble]:
    """Return what those are told who can do nothing about it: each sentence once, since it began."""
    first: dict[str, Trouble] = {}
    for trouble in troubles:
        if not trouble.is_over:
            first.setdefault(trouble.plain, replace(trouble, words=trouble.plain, advice=""))
    return list(first.values())

"""What is wrong right now, or was a moment ago, for whoever opens a page of a team."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from common.tellers import Tellers

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


tellers = Tellers[Trouble]()


def read(row: Mapping[str, Any], now: datetime) -> list[Trouble]:
    """Return the troubles that the columns of a team tell of: those that go on first, the oldest first."""
    return sorted(tellers.read(row, now), key=lambda trouble: (trouble.is_over, trouble.since))


def in_plain_words(troubles: Iterable[Trouble]) -> list[Trouble]:
    """Return what those are told who can do nothing about it: each sentence once, since it began."""
    first: dict[str, Trouble] = {}
    for trouble in troubles:
        if not trouble.is_over:
            first.setdefault(trouble.plain, replace(trouble, words=trouble.plain, advice=""))
    return list(first.values())

"""What is summed up of a team's past: a row for each billing period that is over and for each note of its
time, in place of one for each account.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self

import orjson
from django.db.models import F, TextField
from django.db.models.functions import Cast, Coalesce

from common.database.together import Reading, ask, nothing, side_by_side
from teams.models import Team
from usage.books.past import NoteSum, PeriodSum
from usage.ledger import Event
from usage.ledger.words import microseconds, moment
from usage.models import AnnotationGroup, AnnotationQuerySet, Meter, PastSums
from usage.models.ledger.annotations import MOST_GROUPS
from usage.models.ledger.periods import LONGEST_PERIOD

# What meters are called, by number.
type Names = Mapping[int, str]


@dataclass(frozen=True)
class Past:
    """The sums of what was over between two instants (microseconds), as they are stored."""

    since: int
    until: int
    told_periods: str | None
    told_notes: str | None

    @classmethod
    def read(cls, team: Team) -> Reading[Self | None]:
        """Look up what still holds; None where nothing does. One step."""
        told = [Cast(name, TextField()) for name in ("periods", "notes")]
        mine = PastSums.objects.filter(team=team, generation=F("team__generation"))
        rows = yield from ask(mine.values_list("since", "until", *told))
        return cls(*rows[0]) if rows else None

    def periods(self, start: datetime, end: datetime) -> list[PeriodSum] | None:
        """The periods that have some time in [start, end), newest first; None where that is not known."""
        first, last = microseconds(start), microseconds(end)
        if not self._tells(first) or self._periods is None:
            return None
        earliest = microseconds(start - LONGEST_PERIOD)
        return [one for one in self._periods if earliest <= one.began < last and one.ended > first]

    def notes(self, start: datetime, end: datetime) -> list[NoteSum] | None:
        """What was noted in [start, end), newest first; None where that is not known, nor for which of the
        meters of a note.
        """
        first, last = microseconds(start), microseconds(end)
        if not self._tells(first) or self._notes is None:
            return None
        some = [one for one in self._notes if one.last_at > first and one.since < last]
        is_cut = any(one.at <= first or one.last_since >= last for one in some)
        return None if is_cut else some

    def _tells(self, start: int) -> bool:
        return self.since <= start < self.until

    @cached_property
    def _periods(self) -> list[PeriodSum] | None:
        rows = orjson.loads(self.told_periods or "null")
        return None if rows is None else [PeriodSum(*row) for row in rows]

    @cached_property
    def _notes(self) -> list[NoteSum] | None:
        rows = orjson.loads(self.told_notes or "null")
        return None if rows is None else [NoteSum(*row) for row in rows]


def names_of(team: Team, meters: Sequence[int | None]) -> Reading[Names]:
    """What some meters are called. One step, none of nobody."""
    ids = sorted({pk for pk in meters if pk is not None})
    if not ids:
        return (yield from nothing({}))
    called = Coalesce("key__name", "name")
    mine = Meter.objects.filter(team=team, pk__in=ids).order_by()
    return dict((yield from ask(mine.values_list("pk", called))))


def past_notes(
    past: Past | None, notes: AnnotationQuerySet, team: Team, start: datetime, end: datetime
) -> Reading[Sequence[AnnotationGroup]]:
    """What was noted of a team in [start, end), oldest first, of what is over from its sums. One step."""
    over = past.notes(start, end) if past else None
    if past is None or over is None:
        return (yield from notes.grouped(team, start, end))
    # An annotation stands at the end of what it is about.
    since = max(microseconds(start), past.until - 1)
    going_on, names = yield from side_by_side(
        notes.grouped(team, moment(since), end),
        names_of(team, [pk for one in over for pk in (one.first, one.last)]),
    )
    return (*_groups(over, names), *going_on)[-MOST_GROUPS:]


def _groups(notes: Sequence[NoteSum], names: Names) -> Iterator[AnnotationGroup]:
    for one in reversed(notes):
        called = names.get(one.first, ""), names.get(one.last, "")
        yield AnnotationGroup(Event(one.event), one.at, called, one.meters, one.amounts)

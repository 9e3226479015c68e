"""Billing periods that are over, and what was noted in their time, summed up for all accounts of a team.

They are made beside everything else and hold nothing that periods and annotations do not: a page reads these
where there are no sums. A poll changes what is going on, hardly ever what is over; so the sums stay good
from poll to poll (`keep`), and whatever else raises the generation of a team's numbers leaves them behind.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce

from teams.models import Team
from usage.ledger import METRICS, Changes, Event, State
from usage.ledger.codec import load_amounts
from usage.ledger.grid import QUARTER
from usage.ledger.words import MINUTE, microseconds, sums_of
from usage.models import Annotation, PastSums, Period
from usage.models.ledger.periods import NEVER, EndOrNever, boundary_moved

# What ended within these days is going on: providers may tell more of it.
GOING_ON = timedelta(days=3)
# A poll that comes later than that says nothing of where the past may be.
LATE = timedelta(days=2)
# So far back: all months of a year. They are summed up again once a week.
KEPT, EVERY = timedelta(days=400), timedelta(days=7)
# Of more groups a page would read more than it draws.
MOST = 200
# A shorter time at a period's end that nobody saw is no outage.
LEAST_UNSEEN = MINUTE


class PeriodSum(NamedTuple):
    """Periods that lasted from when to when, of so many accounts: what was told of each metric and model,
    how long nobody looked at their end, how many are inexact; of how many accounts that end is to be told,
    one of these, and the first and the last by name. Who changes what is stored so empties the table, too.
    """

    began: int
    ended: int
    meters: int
    told: Mapping[str, Mapping[str, int]]
    tail: int
    inexact: int
    lapsed: int
    account: int | None
    first: int | None
    last: int | None


class NoteSum(NamedTuple):
    """The same event at so many `meters` within a quarter of an hour, from `at` to `last_at`: `since` and
    `last_since` are the first and the last since when it was so, `first` and `last` meters by name.
    """

    event: str
    at: int
    last_at: int
    since: int
    last_since: int
    meters: int
    amounts: Mapping[str, int]
    first: int
    last: int


def changed_since(state: State | None, changes: Changes) -> int:
    """From when on polls changed what periods and notes say of an account that was in a `state`."""
    # A period that was over may last longer now.
    ends = [state.period.end] if state else []
    ends += [period.end for period in changes.periods]
    notes = [note.at for note in changes.annotations]
    return min([*filter(None, ends), *notes], default=NEVER)


def keep(changed: Mapping[int, int], asked_at: datetime) -> None:
    """Let the sums of teams hold on, whose generation was raised by polls of `asked_at` or later, where these
    changed nothing but what is going on: `changed` is since when they did, by team.
    """
    bound = microseconds(asked_at - LATE)
    teams = [pk for pk, since in changed.items() if since > bound]
    PastSums.objects.filter(team__in=teams, until__lte=bound).update(generation=F("generation") + 1)


def sum_up_when_due(team: Team, now: datetime) -> bool:
    """Sum up the past of a team where it is not, or was some time ago; tell whether that was done."""
    until = _until(now)
    recent = PastSums.objects.filter(team=team, generation=F("team__generation"))
    if recent.filter(until__gt=until - _length(EVERY)).exists():
        return False
    return sum_up(team, until)


def _until(now: datetime) -> int:
    at = microseconds(now - GOING_ON)
    return at - at % QUARTER


def _length(time: timedelta) -> int:
    return time // timedelta(microseconds=1)


def sum_up(team: Team, until: int) -> bool:
    """Sum up what was over at an instant, the end of a quarter of an hour; tell whether that holds.

    It is read without a lock: it counts if nothing of it changed meanwhile.
    """
    since = until - _length(KEPT)
    _begin(team.pk, since, until)
    sums = _sums(team, since, until)
    mine = PastSums.objects.filter(team=team, until=until, generation=F("team__generation"))
    return bool(mine.update(**sums))


def _sums(team: Team, since: int, until: int) -> dict[str, Sequence[PeriodSum | NoteSum] | None]:
    """The columns of what is summed up; None where it is too much."""
    periods, notes = _periods(team, since, until), _notes(team, since, until)
    return {
        "periods": periods if periods is not None and len(periods) <= MOST else None,
        "notes": notes if len(notes) <= MOST else None,
    }


def differ(team: Team) -> bool:
    """Tell whether the sums of a team hold and are not what its periods and annotations come to."""
    held = PastSums.objects.filter(team=team, generation=F("team__generation")).first()
    if held is None:
        return False
    sums = _sums(team, held.since, held.until)
    stored = {"periods": held.periods, "notes": held.notes}
    return any(rows is not None and _unnamed(rows) != _unnamed(sums[name]) for name, rows in stored.items())


def _unnamed(rows: Sequence[Any] | None) -> list[Any]:
    """Rows as they are stored, without whom they name: who is the first by name may be another by now."""
    return [row[:-2] for row in json.loads(json.dumps(rows or []))]


@transaction.atomic
def _begin(team_id: int, since: int, until: int) -> None:
    """From now on polls keep what is being made, or not."""
    team = Team.objects.select_for_update().get(pk=team_id)
    fields = {"generation": team.generation, "since": since, "until": until}
    PastSums.objects.update_or_create(team=team, defaults={**fields, "periods": None, "notes": None})


@dataclass(slots=True)
class _Periods:
    """What is summed up of the periods between the same instants."""

    meters: set[int] = field(default_factory=set)
    told: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    tail: int = 0
    inexact: int = 0
    # By name.
    lapsed: list[int] = field(default_factory=list)

    def sum_of(self, start: int, end: int) -> PeriodSum:
        """The sum, of periods from when to when."""
        meters = list(dict.fromkeys(self.lapsed))
        names = (min(meters), meters[0], meters[-1]) if meters else (None, None, None)
        beside = self.tail, self.inexact, len(meters)
        return PeriodSum(start, end, len(self.meters), self.told, *beside, *names)


def _periods(team: Team, since: int, until: int) -> list[PeriodSum] | None:
    """The periods that ended in (since, until], newest first; None where a counter began anew within one:
    such a period is several rows.
    """
    mine = Period.objects.for_team(team)
    if mine.parted().exists():
        return None
    over = mine.alias(until=EndOrNever("end")).filter(until__gt=since, until__lte=until)
    moved = Case(When(boundary_moved(), then=Value(1)), default=Value(0))
    rows = (
        over.annotate(moved=moved)
        .order_by(_name())
        .values_list("start", "end", "meter", "counters", "tail", "moved")
    )
    sums: dict[tuple[int, int], _Periods] = defaultdict(_Periods)
    for start, end, meter, counters, tail, is_moved in rows:
        found = sums[start, end or NEVER]
        found.meters.add(meter)
        for series, amount in load_amounts(counters).items():
            found.told[series.metric][series.model] += amount
        found.tail = max(found.tail, tail)
        found.inexact += is_moved
        if tail >= LEAST_UNSEEN:
            found.lapsed.append(meter)
    return [each.sum_of(*bounds) for bounds, each in sorted(sums.items(), reverse=True)]


def _notes(team: Team, since: int, until: int) -> list[NoteSum]:
    """What was noted in [since, until), newest first, as `AnnotationQuerySet.grouped` tells it."""
    mine = Annotation.objects.filter(meter__team=team, meter__merged_into=None, at__gte=since, at__lt=until)
    rows = mine.order_by(_name()).values_list("event", "at", "since", "meter", "amounts")
    groups: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for event, *row in rows:
        groups[row[0] // QUARTER, event].append(row)
    found = [_note(event, group) for (_, event), group in groups.items()]
    return sorted(found, key=lambda note: (-(note.at // QUARTER), -note.at, note.event))


def _note(event: str, rows: Iterable[tuple[int, int, int, Any]]) -> NoteSum:
    at, since, meters, told = zip(*rows, strict=True)
    taken = Counter(dict.fromkeys(METRICS, 0))
    if event == Event.CORRECTION:
        for amounts in map(load_amounts, told):
            taken.update(sums_of(amounts, METRICS))
    place = min(at), max(at), min(since), max(since)
    return NoteSum(event, *place, len(set(meters)), taken, meters[0], meters[-1])


def _name() -> Any:
    return Coalesce("meter__key__name", "meter__name")

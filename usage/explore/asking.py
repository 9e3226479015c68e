"""From an address to a question in its team's calendar: what a page is asked, and when that is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import Q

from common.database.together import Reading, ask, side_by_side
from teams.models import Team
from usage.explore.proof.chosen import Days, meters_of
from usage.explore.query.dimensions import Dimension
from usage.explore.query.periods import BILLING, DEFAULT, Period
from usage.explore.query.placed import PAGE, Placed, Room
from usage.explore.query.query import Query
from usage.explore.query.reader import Parts, last, quoted, read_query, sentence
from usage.explore.query.team_time import ONE_DAY, TeamTime
from usage.explore.query.typed import EXAMPLES, read_typed
from usage.explore.reading.periods.billing import periods_around
from usage.explore.reading.scope.series import DATED
from usage.models import Facts, LocalUsage

# A team whose first period began longer ago was not first watched just now.
LONGEST_PERIOD = timedelta(days=62)
# What forms ask in words of their own; the answer has an address without them.
TYPED, COMPARED = "typed", ("compare-start", "compare-end")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a page can draw, and what was changed to make it one, in a sentence."""

    placed: Placed
    problem: str

    def instead(self, problem: str, **parts: Any) -> Self:
        """The same with some parts of the question changed, as the problem says, a clause."""
        placed = replace(self.placed, query=self.placed.query.changed(**parts))
        return replace(self, placed=placed, problem=f"{self.problem} {sentence([problem])}".strip())


def asked_of(team: Team, facts: Facts, parts: Parts, now: datetime, room: Room = PAGE) -> Reading[Asked]:
    """Read an address; `facts` are those of the team's meters. One step at most; one more where nothing is
    known of the account that is the anchor. There is `room` for so many buckets.
    """
    query, problems = question_of(team, parts, now)
    time = yield from team_time(team, facts, query, now)
    if query.anchor and query.period.is_billing and not time.billing:
        problems.append("no billing period of the account that was named is known: here is each key's own")
        query = query.changed(anchor="")
        time = yield from team_time(team, facts, query, now)
    placed = Placed.of(query, time)
    if placed.is_own and not _is_of_keys(query):
        problems.append("each key's own billing period is told by keys and models alone: here are 30 days")
        placed = Placed.of(query.changed(period=Period("30d")), time)
    elif placed.is_own and (query.compare or query.is_complete_only or query.hidden):
        problems.append("of each key's own billing period all is told, and compared with nothing")
    placed = placed.drawable(room)
    return Asked(placed, sentence((*problems, *placed.problems)))


def _is_of_keys(query: Query) -> bool:
    """Tell whether the counters of keys answer a question: they know no days, and nobody who spent."""
    asked = {*query.by, *(each.dimension for each in query.filters)}
    return not (any(one.is_own for one in asked) or any(each.dimension in DATED for each in query.filters))


def chosen_keys(query: Query, time: TeamTime) -> Q:
    """A condition on the meters whose billing periods count: those of the keys that a question is about. An
    account that was named counts whatever filters leave.
    """
    if query.anchor:
        return Q()
    keys = [each for each in query.filters if each.dimension in (Dimension.KEY, Dimension.ACCOUNT)]
    return meters_of(keys, Days(time.today, time.today, time.zone))


def question_of(team: Team, parts: Parts, now: datetime) -> tuple[Query, list[str]]:
    """The question of an address or of a form, and what was changed."""
    query, problems = read_query(with_chosen_days(parts))
    text = last(parts, TYPED).strip()
    period = read_typed(text, team.day_of(now)) if text else None
    if period:
        query = query.changed(period=period)
    elif text:
        problems.append(f"{quoted(text)} could not be read: write a period such as {EXAMPLES}")
    return query, problems


def with_chosen_days(parts: Parts) -> Parts:
    """The parts of a form whose comparison is two days, as an address spells it."""
    start, end = (last(parts, name) for name in COMPARED)
    return {**parts, "compare": [f"{start}..{end}"]} if start and end else parts


def canonical_address(team: Team, parts: Parts, now: datetime) -> str | None:
    """The address of what a form asked in words of its own; None where it is one already, or no question."""
    if not any(last(parts, name) for name in (TYPED, *COMPARED)):
        return None
    query, problems = question_of(team, parts, now)
    return None if problems else query.address()


def team_time(team: Team, facts: Facts, query: Query, now: datetime) -> Reading[TeamTime]:
    """The calendar in which a question of a team is placed, with the billing periods that it may ask for."""
    time = TeamTime(team.zone, now, team.week_start, team.quota_zone)
    first, time = yield from side_by_side(
        first_of(team, facts, query), _with_billing(time, team, facts, query)
    )
    return time.changed(first=first)


def first_of(team: Team, facts: Facts, query: Query) -> Reading[datetime | None]:
    """When the first numbers begin, where that is known."""
    if facts.spans and not any(dimension.is_own for dimension in query.by):
        return min(since for since, _, _ in facts.spans)
    runs = LocalUsage.objects.filter(team=team).order_by("at")
    found = yield from ask(runs.values_list("at", flat=True)[:1])
    return found[0] if found else None


def _with_billing(time: TeamTime, team: Team, facts: Facts, query: Query) -> Reading[TeamTime]:
    if query.period.is_billing:
        until = time.now if query.period.until is None else min(time.instant(query.period.until), time.now)
        keys, has_parts = chosen_keys(query, time), facts.parted > 0
        found = yield from periods_around(team, until, None, query.anchor, keys, has_parts=has_parts)
        return time.changed(billing=tuple(found.periods))
    return (yield from _opening(time, team, facts, query)) if query.period == Period() else time


def _opening(time: TeamTime, team: Team, facts: Facts, query: Query) -> Reading[TeamTime]:
    """Unless something else is asked for, a team that is watched for a short time is shown its billing
    period, of which the sum is exact; so is one whose providers tell of none that goes on.
    """
    start = time.midnight(time.today + ONE_DAY - timedelta(days=7))
    has_ended = 0 < facts.told == facts.ended
    is_recent = any(since > start - LONGEST_PERIOD for since, _, _ in facts.spans)
    if not (is_recent or has_ended):
        return time
    billing = yield from periods_around(
        team, time.now, start, query.anchor, chosen_keys(query, time), has_parts=facts.parted > 0
    )
    is_young = billing.periods and (has_ended or not billing.was_watched)
    return time.changed(billing=tuple(billing.periods), opening=BILLING if is_young else DEFAULT)

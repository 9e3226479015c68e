"""The numbers of a team between two instants, cut into buckets: what charts, tables and totals are made of.

A handful of queries that read no more than is drawn, however many keys the team has and however long its
history is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from common.database import together
from common.database.together import Reading, side_by_side
from teams.models import Team
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.reading.amounts import Numbers
from usage.explore.reading.asked import Asked, look_up
from usage.explore.reading.drafts import draft_of
from usage.explore.reading.names import filtered_people, people_of
from usage.explore.reading.scope.series import BY_KEY, BY_MODEL
from usage.models import Facts
from usage.models.meters.team_facts import facts_of_team

__all__ = ["BY_KEY", "BY_MODEL", "Asked", "Numbers", "Question", "answer", "answering", "answers", "read"]

# A question, and how many of its series stand by themselves, None for all.
type Question = tuple[Asked, int | None]

# So many series are drawn by themselves.
MOST_SERIES = 8


def read(
    team: Team,
    edges: Sequence[datetime],
    metric: str,
    by: Sequence[Dimension] = BY_MODEL,
    now: datetime | None = None,
    facts: Facts | None = None,
    filters: Sequence[Filter] = (),
    *,
    attributes_of_today: bool = False,
    most: int | None = MOST_SERIES,
) -> Numbers:
    """The team's numbers in the buckets between `edges` (ascending, aware, on quarters of an hour in UTC), by
    one or two dimensions, of what all `filters` leave.

    Edges at midnights of the team's zone are read from days, others from quarters. `facts` are those of all
    of the team's meters, where they are at hand. Attributes of keys are those of each local day, or of today.
    Of more than `most` series the largest stand by themselves, and all others together; None is all.
    By member or source, or filtered by one, everything is of what raxdash itself ran, and of nothing else.
    """
    now = now or timezone.now()
    asked = Asked(team, tuple(edges), metric, tuple(by), now, tuple(filters), attributes_of_today)
    return answer(asked, facts, most)


def answer(asked: Asked, facts: Facts | None = None, most: int | None = MOST_SERIES) -> Numbers:
    """The numbers of a question, as `read` tells them."""
    return answers([(asked, most)], facts)[0]


def answers(questions: Sequence[Question], facts: Facts | None = None) -> list[Numbers]:
    """The numbers of several questions about one team, each with the most series that stand by themselves. As
    many queries as for one.
    """
    return together.read(answering(questions, facts))


class Beside(Protocol):
    """Whoever reads something of a question in the same two steps."""

    asked: Asked

    def look_up(self) -> Reading[None]:
        """Look up what is needed first."""

    def read(self) -> Reading[None]:
        """Read the rest."""


def answering(
    questions: Sequence[Question], facts: Facts | None = None, beside: Sequence[Beside] = ()
) -> Reading[list[Numbers]]:
    """The same as a reading: three steps at most, one more without the `facts` of all meters. What is read
    `beside` takes the same steps.
    """
    asked = [each for each, _ in questions]
    told, team = [each for each in asked if not each.is_own], asked[0].team
    if facts is None and told:
        facts = yield from facts_of_team(team, asked[0].now)
    has_unmetered = facts is not None and facts.unmetered > 0
    yield from look_up([*asked, *(each.asked for each in beside)], has_unmetered=has_unmetered)
    drafts = [draft_of(each, most, facts) for each, most in questions]
    known = asked[0].lookups
    yield from side_by_side(
        known.look_at(each.within for each in told),
        known.look_up_facts({each.scope.meter_ids for each in told if each.scope.is_filtered}, asked[0].now),
        *(draft.look_up() for draft in drafts),
        *(each.look_up() for each in beside),
    )
    used = set().union(*(people_of(draft.asked, draft.series) for draft in drafts))
    filtered = set().union(*map(filtered_people, asked))
    yield from side_by_side(
        known.people.look_up(used, filtered),
        *(draft.read() for draft in drafts),
        *(each.read() for each in beside),
    )
    return [draft.numbers() for draft in drafts]

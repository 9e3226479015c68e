"""What an account's sums come to when it is folded again, beside what they were: told in the audit trail."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Max, Min, QuerySet

from teams import audit
from teams.models import Team
from usage.books.draft import Draft, knots_of
from usage.books.refold import BEFORE_ALL
from usage.ledger import TOKENS
from usage.ledger.grid import day_start, local_day, quarter_number, value_at
from usage.models import Knot

# Months that are compared: the newest. A counter may tell of a century.
MOST_MONTHS = 24

# Tokens that months got, and tokens that they lost.
type Change = tuple[int, int]


class SystemDeed(models.TextChoices):
    """What raxdash does to accounts by itself, in words that follow its name."""

    FOLDED_AGAIN = "account.folded_again", "counted accounts again under exacter rules"


def changes_of(drafts: Sequence[Draft], zone: ZoneInfo) -> list[Change]:
    """For each draft, what the local months get and lose when it takes the place of what is stored."""
    return [_change(draft, zone) for draft in drafts]


def tell(team: Team, changes: Sequence[Change]) -> None:
    """Write down that accounts were folded again, where any month changed by that."""
    changed = [change for change in changes if any(change)]
    if changed:
        audit.record(
            team,
            SystemDeed.FOLDED_AGAIN,
            by=None,
            accounts=len(changes),
            accounts_whose_months_changed=len(changed),
            tokens_added_to_months=sum(more for more, _ in changed),
            tokens_taken_from_months=sum(fewer for _, fewer in changed),
        )


def _change(draft: Draft, zone: ZoneInfo) -> Change:
    old, new = Knot.objects.filter(meter=draft.meter), knots_of(draft, BEFORE_ALL)
    ends = [knots.aggregate(first=Min("at"), last=Max("at")) for knots in (old, new)]
    if None in (ends[0]["last"], ends[1]["last"]):
        return 0, 0
    first = min(end["first"] for end in ends)
    # What was told since is news, not a change.
    edges = month_edges(first, ends[0]["last"], zone)
    steps = [_used(new, *month) - _used(old, *month) for month in pairwise(edges)]
    return sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0)


def month_edges(first: int, last: int, zone: ZoneInfo) -> list[int]:
    """The instants between local months from `first` to `last` (microseconds), these two among them."""
    month = local_day(quarter_number(last), zone).replace(day=1)
    edges = [last]
    while len(edges) < MOST_MONTHS and day_start(month, zone) > first:
        edges.append(day_start(month, zone))
        month = date(month.year - (month.month == 1), (month.month + 10) % 12 + 1, 1)
    return [*([first] if first < edges[-1] else []), *reversed(edges)]


def _used(knots: QuerySet[Knot], start: int, end: int) -> int:
    return _tokens_at(knots, end) - _tokens_at(knots, start)


def _tokens_at(knots: QuerySet[Knot], at: int) -> int:
    """F of all tokens at an instant."""
    before = knots.filter(at__lte=at).order_by("-at")[:1]
    after = knots.filter(at__gt=at).order_by("at")[:1]
    around = [knot.as_ledger() for part in (before, after) for knot in part]
    lines = {series for knot in around for series in knot.values if series.metric == TOKENS}
    return sum(value_at(around, series, at) for series in lines)

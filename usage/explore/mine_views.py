"""Mine: what I spent through raxdash, and what binds me."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.database.together import read
from teams.acts import TeamAct
from teams.http import Request
from teams.models import Key
from teams.models.keys import BY_NAME
from teams.permissions import Access, get_access
from usage.acts import UsageAct
from usage.explore.proof.binding import bindings, going_on
from usage.explore.proof.chosen import Days, lines_of, series_of
from usage.explore.proof.mine import my_spend
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.query.periods import Period
from usage.explore.query.placed import Placed
from usage.explore.query.query import Query, in_order
from usage.explore.query.reader import read_query, sentence
from usage.explore.query.team_time import TeamTime
from usage.explore.query.words import period_words
from usage.ledger import TOKENS
from usage.quota.forecast.reading import forecasts_of
from usage.quota.key_quota import key_quotas

MOST_KEYS = 10
PERIODS = {"today": "Today", "7d": "7 days", "30d": "30 days", "month": "This month", "90d": "90 days"}
OPENING = "30d"


@require_safe
def mine(request: Request, slug: str) -> HttpResponse:
    """Show what the person who asks spent in this team, and the limits of their keys."""
    access, now = get_access(request, slug, UsageAct.SEE_USAGE), timezone.now()
    team = access.team
    asked, problems = read_query(dict(request.GET.lists()))
    time = TeamTime(team.zone, now, team.week_start, team.quota_zone, opening=OPENING)
    placed = Placed.of(asked, time)
    start, end = placed.bounds.start, min(placed.bounds.end, now)
    today = time.today if asked.attributes_of_today else None
    models = read(series_of(team, asked.filters))
    lines = lines_of(team, asked.filters, Days(*placed.days, team.zone, today), models)
    found = my_spend(team, access.membership.user_id, start, end, lines)
    keys = keys_of(access, found.key_ids)
    quotas = key_quotas(team, keys, now) if keys else []
    limits = bindings(quotas, forecasts_of(team, TOKENS, going_on(quotas), now), now)
    context = {
        "mine": found,
        "limits": limits,
        "keys": keys,
        "span_label": period_words(placed),
        "export_address": question_of(placed, access.membership.user_id).address(),
        "problem": sentence([*problems, *placed.problems]),
        "periods": [
            (label, asked.changed(period=Period(name)).address(), name == placed.bounds.period.name)
            for name, label in PERIODS.items()
        ],
        "earlier": query.address() if (query := placed.earlier()) else "",
        "later": query.address() if (query := placed.later()) else "",
        "quota_zone": team.quota_zone,
    }
    return render(request, "usage/explore/mine.html", context)


def question_of(placed: Placed, user_id: int) -> Query:
    """The question that tells the same of one member, by key and model, for files."""
    others = [each for each in placed.query.filters if each.dimension != Dimension.MEMBER]
    mine = Filter.of(Dimension.MEMBER, [str(user_id)])
    return placed.query.changed(
        by=(Dimension.KEY, Dimension.MODEL), filters=in_order([*others, mine]), period=placed.bounds.period
    )


def keys_of(access: Access, used: Sequence[UUID]) -> list[Key]:
    """The keys that somebody spends with: those that were used, and those that may be. One query."""
    may = Key.objects.spendable_by(access.membership) if access.may(TeamAct.SPEND) else None
    condition = Q(pk__in=used[:MOST_KEYS])
    if may is not None:
        condition |= Q(pk__in=may.values("pk"))
    rank = Case(
        *(When(pk=key_id, then=Value(place)) for place, key_id in enumerate(used[:MOST_KEYS])),
        default=Value(MOST_KEYS),
    )
    keys = Key.objects.for_team(access.team).exclude(status=Key.Status.RETIRED).filter(condition)
    return list(keys.order_by(rank, *BY_NAME)[:MOST_KEYS])

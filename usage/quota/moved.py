"""Whether anything moved that pages of keys show: a tag that costs one query, before all is reckoned."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum, Value

from common.database.together import Reading, ask, read, side_by_side
from common.fragments import shown_tag
from teams.http import Request
from teams.models import Key, Team
from teams.permissions import Access
from usage.models import LimiterWindow, LocalUsage, Meter, RateSample, SharingSuggestion
from usage.quota.gauges import HEADROOM_WINDOW


def tag_beforehand(request: Request, access: Access, now: datetime) -> str:
    """The tag, where it may be the one that is shown already; empty where it is to be read with the page."""
    return read(reading_tag(request, access, now)) if shown_tag(request) else ""


def reading_tag(request: Request, access: Access, now: datetime, known: str = "") -> Reading[str]:
    """The tag of what a member is shown at an address; one step, whatever lies behind it, and none where it
    is `known`.

    While it is the same, so are numbers, polls, runs and requests. Ages are told in minutes, so it changes
    with each; that of what was last said of requests in seconds at first: so long it changes always. What it
    does not look at, as a key's other name, is shown a minute later.
    """
    if known:
        return known
    headroom, *others = yield from side_by_side(*map(ask, _facts(access.team)))
    is_young = any(told and now - told < HEADROOM_WINDOW for (told,) in headroom)
    age = now.timestamp() if is_young else int(now.timestamp()) // 60
    address = request.get_full_path()
    shown = access.team.generation, access.membership.role, address, age, headroom, others
    return blake2b(repr(shown).encode(), digest_size=16).hexdigest()


def _facts(team: Team) -> Iterator[QuerySet[Any, Any]]:
    """What moves without the generation of the team's numbers; first when anything was said of requests."""
    of_keys, refused = {"key__team": team.pk}, Q(status=Key.Status.REFUSED)
    yield _row(RateSample.objects.filter(**of_keys), Max("received_at"))
    yield _row(LimiterWindow.objects.filter(**of_keys), Max("minute"), Sum("requests"))
    yield _row(Meter.objects.filter(team=team), Count("pk"), Max("asked_at"), Sum("missed_polls"))
    yield _row(Key.objects.filter(team=team), Count("pk"), Count("pk", filter=refused))
    yield _row(LocalUsage.objects.filter(team=team), Max("at"))
    yield _row(SharingSuggestion.objects.for_team(team).open(), Count("pk"))


def _row(rows: QuerySet[Any, Any], *sums: Any) -> QuerySet[Any, Any]:
    """Some sums over rows as one row; none where there are none."""
    named = {f"sum_{place}": each for place, each in enumerate(sums)}
    return rows.order_by().values(one=Value(1)).annotate(**named).values_list(*named)

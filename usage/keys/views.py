"""The page of keys."""

from django.http import HttpResponse
from django.utils import timezone

from common.database.together import read, side_by_side
from common.fragments import render_fragment, unchanged
from teams.acts import TeamAct
from teams.http import Request
from teams.permissions import Access
from usage.keys.health import DAYS, reading_health
from usage.keys.listing import listed
from usage.quota.moved import reading_tag, tag_beforehand


def keys(request: Request, access: Access) -> HttpResponse:
    """List the team's keys with how each is doing, found by words and state, a page at a time."""
    now = timezone.now()
    tag = tag_beforehand(request, access, now)
    if answer := unchanged(request, tag):
        return answer
    found = listed(access.team, request.GET, now)
    rows, tag = read(
        side_by_side(
            reading_health(access.team, list(found.page), now), reading_tag(request, access, now, tag)
        )
    )
    context = {
        "page": found.page,
        "found": found,
        "rows": rows,
        "days": DAYS,
        "may_manage": access.may(TeamAct.MANAGE_KEYS),
        "tag": tag,
    }
    return render_fragment(request, "usage/keys/keys.html", "keys", context, tag)

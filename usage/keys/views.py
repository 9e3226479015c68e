"""The page of keys."""

from django.http import HttpResponse
from django.utils import timezone

from common.fragments import render_fragment, unchanged
from common.together import read
from teams.acts import TeamAct
from teams.http import Request
from teams.permissions import Access
from usage.keys.health import DAYS, health_of
from usage.keys.listing import listed
from usage.quota.moved import reading_tag


def keys(request: Request, access: Access) -> HttpResponse:
    """List the team's keys with how each is doing, found by words and state, a page at a time."""
    now = timezone.now()
    tag = read(reading_tag(access, request.get_full_path(), now))
    if answer := unchanged(request, tag):
        return answer
    found = listed(access.team, request.GET, now)
    context = {
        "page": found.page,
        "found": found,
        "rows": health_of(access.team, list(found.page), now),
        "days": DAYS,
        "may_manage": access.may(TeamAct.MANAGE_KEYS),
        "tag": tag,
    }
    return render_fragment(request, "usage/keys/keys.html", "keys", context, tag)

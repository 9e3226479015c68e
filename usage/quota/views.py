"""The quota page: how much of each key's limits is used, what is left, and when it ends."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.fragments import render_fragment
from teams.acts import TeamAct
from teams.http import Request
from teams.permissions import get_access
from usage.accounts import sharing
from usage.acts import UsageAct
from usage.quota.listing import quota_list


@require_safe
def quota(request: Request, slug: str) -> HttpResponse:
    """Show the keys in use against their plans."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    now = timezone.now()
    context = {
        "quota": quota_list(access.team, request.GET, now),
        "now": now,
        "quota_zone": access.team.quota_zone,
        "may_manage": access.may(TeamAct.MANAGE_KEYS),
        "doubts": sharing.doubts(access),
    }
    return render_fragment(request, "usage/quota/quota.html", "quota", context)

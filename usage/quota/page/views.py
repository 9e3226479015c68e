"""The quota page, and the page of one key's limits."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.database.together import read, side_by_side
from common.fragments import render_fragment, unchanged, wants_fragment
from teams.acts import TeamAct
from teams.http import Request
from teams.models import Key
from teams.permissions import get_access
from usage.accounts import sharing
from usage.acts import UsageAct
from usage.quota.moved import reading_tag, tag_beforehand
from usage.quota.page.overview import detail, reading_overview


@require_safe
def quota(request: Request, slug: str) -> HttpResponse:
    """Show the keys in use against their limits, those that need a look first."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    now = timezone.now()
    tag = tag_beforehand(request, access, now)
    if answer := unchanged(request, tag):
        return answer
    overview = reading_overview(access.team, request.GET, now)
    found, doubts, tag = read(
        side_by_side(overview, sharing.doubts(access), reading_tag(request, access, now, tag))
    )
    context = {
        "quota": found,
        "alarm": found.alarm,
        "now": now,
        "is_part": wants_fragment(request),
        "quota_zone": access.team.quota_zone,
        "may_manage": access.may(TeamAct.MANAGE_KEYS),
        "doubts": doubts,
        "tag": tag,
    }
    return render_fragment(request, "usage/quota/page/quota.html", "quota", context, tag)


@require_safe
def quota_key(request: Request, slug: str, key_id: UUID) -> HttpResponse:
    """Show all that is known of one key's limits: a page, or what a row of the list opens to."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    keys = Key.objects.for_team(access.team).exclude(status=Key.Status.RETIRED)
    key, now = get_object_or_404(keys.select_related("owner"), pk=key_id), timezone.now()
    tag = read(reading_tag(request, access, now))
    if answer := unchanged(request, tag):
        return answer
    found = detail(access.team, key, now)
    context = {
        "row": found.row,
        "key_quota": found.row.quota,
        "detail": found,
        "key": key,
        "now": now,
        "quota_zone": access.team.quota_zone,
        "tag": tag,
    }
    return render_fragment(request, "usage/quota/page/key.html", "opened", context, tag)

"""Pages that belong to no app."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.fragments import wants_fragment
from teams.acts import TeamAct
from teams.http import Request
from teams.permissions import get_access


@require_safe
def troubles(request: Request, slug: str) -> HttpResponse:
    """Say what is wrong; every page asks for this part of itself now and then."""
    get_access(request, slug, TeamAct.SEE_KEYS)
    name = "common/_troubles.html" if wants_fragment(request) else "common/troubles.html"
    return render(request, name)

"""Tell machines whether this process serves."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the web process serves, without asking any other part."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")

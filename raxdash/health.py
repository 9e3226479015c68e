"""Tell machines whether this process serves, and whether the parts behind it do."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from raxdash import broker, schema
from raxdash.models import SILENT_AFTER, Heartbeat


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the web process serves, without asking any other part."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, broker and a worker are there, 503 otherwise, with what is wrong by part."""
    parts = {"database": database()}
    parts["broker"] = {"ok": broker.answers()}
    parts["worker"] = worker() if parts["database"]["ok"] else {"ok": False}
    ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def database() -> dict[str, Any]:
    """Tell whether the database answers and fits the code."""
    try:
        connection.ensure_connection()
        pending = schema.pending_migrations()
    except DatabaseError:
        return {"ok": False}
    return {"ok": not pending, "pending_migrations": len(pending)}


def worker() -> dict[str, Any]:
    """Tell how many seconds ago a worker last said that it lives."""
    now = timezone.now()
    newest = Heartbeat.objects.newest(now)
    if newest is None:
        return {"ok": False, "age_seconds": None}
    age = max(now - newest, timedelta(0))
    return {"ok": age <= SILENT_AFTER, "age_seconds": round(age.total_seconds())}

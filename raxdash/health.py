"""Tell machines whether this process serves, and whether the parts behind it do.

Nothing here waits for a part that hangs: each is asked beside the request, for a second and a half at most.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.database.lending import lent
from common.probe import Probe, Question, Silent
from raxdash import schema
from raxdash.models import SILENT_AFTER, Heartbeat
from raxdash.work import broker

PATIENCE_SECONDS = 1.5

type Part = dict[str, Any]
database_probe, broker_probe = Probe[dict[str, Part]](), Probe[Part]()


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the web process serves, without asking any other part."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when this web process can do its work, 503 otherwise; with what is wrong by part.

    It needs the database alone: without a worker or a broker every page is served, only later polled.
    """
    return report("web")


@require_safe
@login_not_required
def worker_readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when work in the background goes on: database, broker and a worker are there."""
    return report("database", "broker", "worker")


def report(*needed: str) -> HttpResponse:
    """Answer with all parts; 200 when those that are needed are there."""
    parts = ask_all()
    ready = all(parts[name]["ok"] for name in needed)
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def ask_all() -> dict[str, Part]:
    """Ask all parts at once; return what each said, or that it is silent."""
    of_broker = broker_probe.ask(ask_broker)
    with lent() as carry_out:
        of_database = database_probe.ask(lambda: carry_out(ask_database))
        parts = answer_of(of_database, lambda silent: {"database": silent, "worker": {"ok": False}})
    return {
        "web": {"ok": parts["database"]["ok"]},
        **parts,
        "broker": answer_of(of_broker, lambda silent: silent),
    }


def answer_of[Answer](question: Question[Answer], otherwise: Callable[[Part], Answer]) -> Answer:
    """Return the answer, or what `otherwise` makes of a silence."""
    try:
        return question.answer(PATIENCE_SECONDS)
    except Silent as silence:
        return otherwise({"ok": False, "silent_seconds": round(silence.seconds, 1)})


def ask_broker() -> Part:
    """Tell whether the broker answers."""
    return {"ok": broker.answers()}


def ask_database() -> dict[str, Part]:
    """Tell whether the database answers and fits the code, and what it says of workers."""
    try:
        pending = schema.count_pending()
        return {"database": {"ok": not pending, "pending_migrations": pending}, "worker": worker()}
    except DatabaseError:
        return {"database": {"ok": False}, "worker": {"ok": False}}


def worker() -> Part:
    """Tell how many seconds ago a worker last said that it lives."""
    now = timezone.now()
    newest = Heartbeat.objects.newest(now)
    if newest is None:
        return {"ok": False, "age_seconds": None}
    age = max(now - newest, timedelta(0))
    return {"ok": age <= SILENT_AFTER, "age_seconds": round(age.total_seconds())}

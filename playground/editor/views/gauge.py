"""What the chosen key has left, for the place beside the next message."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from playground.acts import PlaygroundAct
from playground.editor.form.choices import Choices
from playground.editor.gauge import key_gauge
from teams.http import Request
from teams.permissions import get_access


@require_safe
def gauge(request: Request, slug: str) -> HttpResponse:
    """Show the gauge of the key that a column names, or of the first; nothing of keys one may not use."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    named = next((str(value) for name, value in request.GET.items() if name.endswith("key")), "")
    key = Choices.of(access.membership).key(named)
    found = key_gauge(access.team, key, timezone.now()) if key else None
    return render(request, "playground/editor/_gauge.html", {"gauge": found, "key": key})

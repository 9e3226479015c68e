"""A run's request as code."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.acts import PlaygroundAct
from playground.code.export.requests import CodeRequest
from playground.code.panel import Panel, way_named
from playground.editor.views.runs import find_run
from playground.requests import NotAsSent, as_sent
from rax import DEFAULT_BASE_URL, encode_payload
from teams.http import Request

TEMPLATE = "playground/code/run.html"


@require_safe
def run_code(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Show the request of a run: `?as=` names the way, `?stream=0` or `1` whether the program streams."""
    access, run = find_run(request, slug, run_id, PlaygroundAct.SEE_RUNS)
    context = {"run": run, "team": access.team}
    try:
        body = as_sent(run)
    except NotAsSent as problem:
        return render(request, TEMPLATE, {**context, "why_not": str(problem)})
    base_url = run.key.base_url if run.key else DEFAULT_BASE_URL
    code = CodeRequest(base_url, json.loads(body))
    streams = {"0": False, "1": True}.get(request.GET.get("stream", ""), code.streams)
    code = code.streamed(streams)
    panel = Panel(code, encode_payload(code.payload), way_named(request.GET.get("as", "")))
    return render(request, TEMPLATE, {**context, "panel": panel, "streams": streams})

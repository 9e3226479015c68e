"""What can be asked of one answer: its raw lines as a file, and whether its JSON fits a schema."""

from dataclasses import replace
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from playground.acts import PlaygroundAct
from playground.answers.raw import Raw
from playground.answers.schemas import checks
from playground.answers.views import AnswerView
from playground.editor.views.runs import find_run
from playground.history.views import show_run, shown_turn
from teams.http import Request


@require_safe
def raw_lines(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Answer with all raw lines that are kept of a run: milliseconds, a tab, the line."""
    _, run = find_run(request, slug, run_id, PlaygroundAct.SEE_RUNS)
    raw = Raw.of(run, timezone.now())
    if raw is None or raw.kept.is_withheld:
        raise Http404("No raw lines are kept of this run")
    name = f"raw-{run.pk}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(raw.as_text(), content_type="text/plain; charset=utf-8", headers=headers)


@require_POST
async def check_schema(request: Request, slug: str, run_id: UUID) -> HttpResponse:
    """Hold the JSON of an answer against the schema that was sent, and show both."""
    access, run = await sync_to_async(find_run)(request, slug, run_id, PlaygroundAct.SEE_RUNS)
    turn = await shown_turn(request, access, run)
    if AnswerView.JSON not in turn.views or turn.json.problem:
        return await show_run(request, access, turn)
    verdict = await checks.check(request.POST.get("schema", ""), turn.json.text)
    return await show_run(request, access, replace(turn, view=AnswerView.JSON, verdict=verdict))

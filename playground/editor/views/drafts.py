"""The page says what was typed into its columns so far, how they change, or that it may be forgotten."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from playground.acts import PlaygroundAct
from playground.editor.columns.addresses import branches_shown, page_url
from playground.editor.columns.changes import change_columns
from playground.editor.columns.columns import field_name, letters_in
from playground.editor.columns.earlier import said_before_each
from playground.editor.columns.fields_typed import changes
from playground.editor.drafts.drafts import discard_draft
from playground.editor.drafts.recovery import recover_draft
from playground.editor.drafts.saving import NEVER, SENT, Choice, Outcome, Typed, save_draft
from playground.editor.form.choices import Choices
from playground.editor.views.differs import read_columns, what_differs, what_is_marked
from playground.editor.views.index import draft_named, identifier
from playground.models import Draft
from playground.models.drafts import Fields
from teams.http import Request, go_on
from teams.permissions import Access, get_access

ELSEWHERE = "Not saved: something else was written in another window."


@require_POST
def save(request: Request, slug: str) -> HttpResponse:
    """Keep what was typed; answer `{"saved": bool, "why": words}`, always 200: browsers log other answers.

    `idempotency_key` and `draft` are those of column A, `draft_id` and `draft_seen` what the page knows of
    drafts; what it knows then is answered. Where something else was written elsewhere meanwhile, that is
    answered as `clash`, and nothing is kept without a `choice`: `mine`, `other` or `both`. `recovered` marks
    what a browser kept of an earlier page, which then becomes a draft of its own.
    """
    access = get_access(request, slug, PlaygroundAct.RUN)
    columns, why = read_columns(request.POST)
    if why:
        return JsonResponse({"saved": False, "why": why})
    typed = typed_in(request.POST, columns)
    if "recovered" in request.POST:
        outcome = recover_draft(access.membership, typed)
    else:
        outcome = save_draft(access.membership, typed, choice_in(request.POST))
    answer = told(access, outcome, columns)
    if len(columns) > 1:
        answer |= {"differs": what_differs(access, columns), "marks": what_is_marked(columns)}
    return JsonResponse(answer)


def typed_in(data: QueryDict, columns: list[Fields]) -> Typed:
    """Return what a page holds and knows; one of the version before says nothing of `draft_seen`."""
    return Typed(
        columns,
        page=identifier(data, "idempotency_key"),
        base=identifier(data, "draft"),
        draft_id=draft_named(data),
        seen=moment_of(data.get("draft_seen", "")) if "draft_seen" in data else None,
        waited_since=[moment_of(data.get(name, "")) for name in waiting_in(data)],
    )


def waiting_in(data: QueryDict) -> list[str]:
    """Return the fields that say since when each column waits; none of a page where one does not say it."""
    names = [field_name(letter, "waits_since") for letter in letters_in(data)]
    return names if all(name in data for name in names) else []


def moment_of(said: str) -> datetime:
    """Return the time that a page knows; `NEVER` where it knows of none."""
    try:
        moment = parse_datetime(said)
        return moment.astimezone(UTC) if moment and moment.tzinfo else NEVER
    except (ValueError, OverflowError):
        return NEVER


def choice_in(data: QueryDict) -> Choice:
    """Return what was chosen where two pages hold something else."""
    chosen = data.get("choice", "")
    return Choice(chosen) if chosen in set(Choice) else Choice.ASK


def told(access: Access, outcome: Outcome, columns: list[Fields]) -> dict[str, Any]:
    """Return what a page is told of what became of its draft."""
    if outcome.other:
        return {"saved": False, "why": ELSEWHERE, "clash": what_clashes(access, outcome.other, columns)}
    if outcome.draft is None:
        return {"saved": False, "why": outcome.why or SENT, "gone": outcome.is_gone}
    draft = outcome.draft
    return {
        "saved": True,
        "why": "",
        "draft_id": str(draft.pk),
        "draft_seen": draft.saved_at.isoformat(),
        "apart": outcome.is_apart,
        "address": reverse("playground:draft", args=[access.team.slug, draft.pk]),
    }


def what_clashes(access: Access, other: Draft, columns: list[Fields]) -> str:
    """Return the panel that shows what was written elsewhere and is not here, as HTML."""
    found = changes(other.columns, columns, Choices.of(access.membership).key_names)
    context = {"changes": found, "other": other, "team": access.team}
    return render_to_string("playground/editor/_clash.html", context)


@require_POST
def choose(request: Request, slug: str) -> HttpResponse:
    """Keep this page, the other one, or both; show the page anew as it is then."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    columns, why = read_columns(request.POST)
    outcome = Outcome(why=why)
    if not why:
        outcome = save_draft(access.membership, typed_in(request.POST, columns), choice_in(request.POST))
    if outcome.draft is None:
        messages.error(request, outcome.why or ELSEWHERE)
        named = [column["conversation"] for column in columns]
        return go_on(request, page_url(slug, named, branches_shown(request)))
    return go_on(request, draft_url(slug, outcome.draft))


def draft_url(slug: str, draft: Draft) -> str:
    """Return the address of the page that goes on with a draft."""
    return f"{reverse('playground:index', args=[slug])}?draft_id={draft.pk}"


@require_POST
def change(request: Request, slug: str) -> HttpResponse:
    """Add, copy, remove or link a column: keep all as it was typed, show the page anew."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    columns, why = read_columns(request.POST)
    if not why:
        earlier = said_before_each(access.team, columns)
        columns = change_columns(columns, request.POST.get("change", ""), earlier)
        why = save_draft(access.membership, typed_in(request.POST, columns), Choice.BOTH).why
    if why:
        messages.error(request, why)
    named = [column["conversation"] for column in columns]
    return go_on(request, page_url(slug, named, branches_shown(request)))


@require_POST
def discard(request: Request, slug: str) -> HttpResponse:
    """Forget what was typed, and show the page as it is without it, or the `list` of drafts."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    named = draft_named(request.POST)
    if named or "draft_id" not in request.POST:
        discard_draft(access.membership, named)
    return redirect("playground:drafts" if "list" in request.POST else "playground:index", slug)

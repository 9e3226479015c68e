"""The playground: a conversation, and the form that goes on with it."""

from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from playground.acts import PlaygroundAct
from playground.editor.choices import Choices
from playground.editor.drafts import belongs, draft_of, initial_of_draft
from playground.editor.forms import RunForm, going_on_from, initial_of
from playground.editor.turns import turn_of
from playground.models import Conversation, Run, RunState
from teams.http import Request
from teams.permissions import Access, get_access


@require_safe
async def index(request: Request, slug: str) -> HttpResponse:
    """Show a conversation, or an empty one, and the form to go on with."""
    access = await sync_to_async(get_access)(request, slug, PlaygroundAct.SEE_RUNS)
    page = await sync_to_async(load_page)(request, access)
    turns = [await turn_of(run, access.membership, session_of(request)) for run in page.pop("runs")]
    return await sync_to_async(render)(request, "playground/editor/index.html", {**page, "turns": turns})


@require_safe
def keys(request: Request, slug: str) -> HttpResponse:
    """Propose names of keys that have the words typed so far in their name, for the list behind the field."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    names = Choices.of(access.membership).names(request.GET.get("key", ""))
    return render(request, "playground/editor/_form.html#key-names", {"names": names})


def load_page(request: Request, access: Access) -> dict[str, Any]:
    """Return what the page shows: a conversation's runs, or none, and the form to go on with."""
    choices = Choices.of(access.membership)
    conversation, origin = find_conversation(request, access), find_origin(request, access)
    runs = list(Run.objects.turns_of(conversation).with_people()) if conversation else []
    draft = draft_of(access.membership)
    if draft and not origin and belongs(draft, conversation):
        initial, elsewhere = initial_of_draft(draft, conversation), None
    else:
        initial, elsewhere = initial_form(access, choices, conversation, runs, origin), draft
    return {
        "form": RunForm(initial={**initial, **(going_on_from(runs[-1]) if runs else {})}, choices=choices),
        "draft": None if elsewhere else draft,
        "draft_elsewhere": elsewhere,
        "choices": choices,
        "conversation": conversation,
        "runs": runs,
        "may_run": access.may(PlaygroundAct.RUN),
        "may_go_on": conversation is None or conversation.author_id == access.membership.user_id,
    }


def find_conversation(request: Request, access: Access) -> Conversation | None:
    """Return the conversation that the address names; raise `Http404` where the team has none such."""
    if not (named := request.GET.get("conversation")):
        return None
    try:
        return Conversation.objects.for_team(access.team).get(pk=UUID(named))
    except (Conversation.DoesNotExist, ValidationError, ValueError) as error:
        raise Http404("No such conversation") from error


def identifier(values: QueryDict, name: str) -> UUID | None:
    """Return the id in a field; None where there is none."""
    try:
        return UUID(values.get(name, ""))
    except ValueError:
        return None


def find_origin(request: Request, access: Access) -> Run | None:
    """Return the run whose settings and message the form is to begin with."""
    origin = identifier(request.GET, "from")
    return Run.objects.for_team(access.team).filter(pk=origin).first() if origin else None


def initial_form(
    access: Access, choices: Choices, conversation: Conversation | None, runs: list[Run], origin: Run | None
) -> dict[str, Any]:
    """Return where the form begins: as the last turn was, or as `origin` was, or with only a model."""
    if runs:
        return initial_of(runs[-1])
    if origin:
        return {**initial_of(origin), "message": origin.message}
    # What failed may have been mistyped.
    own = Run.objects.for_team(access.team).filter(author=access.membership.user_id)
    last = own.exclude(state=RunState.FAILED).first()
    first_model = next(iter(choices.model_names), "")
    return {"model": last.model if last else first_model, "key": str(last.key_id) if last else ""}


def conversation_url(slug: str, conversation_id: UUID) -> str:
    """Return the address of a conversation."""
    query = urlencode({"conversation": str(conversation_id)})
    return f"{reverse('playground:index', args=[slug])}?{query}"


def session_of(request: Request) -> str:
    """Return the key of the session that asks, for tickets."""
    return request.session.session_key or ""

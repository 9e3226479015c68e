"""The playground: a conversation, and the form that goes on with it."""

from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from playground.choices import Choices
from playground.forms import RunForm, initial_of
from playground.models import Conversation, Run
from playground.runner import runner
from playground.starting import CannotStart, Start, Wish, start
from playground.turns import Turn, turn_of
from teams.http import Request
from teams.models import Role
from teams.permissions import Access, get_access

STOPPING = "The server is stopping. Try again in a moment."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
async def index(request: Request, slug: str) -> HttpResponse:
    """Show the playground, or run what its form says."""
    if request.method == "POST":
        return await run_form(request, slug)
    access = await sync_to_async(get_access)(request, slug)
    page = await sync_to_async(load_page)(request, access)
    turns = [await turn_of(run, access.membership, session_of(request)) for run in page.pop("runs")]
    return await sync_to_async(render)(request, "playground/index.html", {**page, "turns": turns})


def load_page(request: Request, access: Access) -> dict[str, Any]:
    """Return what the page shows: a conversation's runs, or none, and the form to go on with."""
    choices = Choices.of(access.team)
    conversation, origin = find_conversation(request, access), find_origin(request, access)
    runs = list(Run.objects.turns_of(conversation).with_people()) if conversation else []
    return {
        "form": RunForm(initial=initial_form(access, choices, conversation, runs, origin), choices=choices),
        "choices": choices,
        "conversation": conversation,
        "runs": runs,
        "may_run": access.membership.may(Role.MEMBER),
        "may_go_on": conversation is None or conversation.author_id == access.membership.user_id,
    }


def find_conversation(request: Request, access: Access) -> Conversation | None:
    """Return the conversation that the address names; raise `Http404` where the team has none such."""
    if not (identifier := request.GET.get("conversation")):
        return None
    try:
        return Conversation.objects.for_team(access.team).get(pk=UUID(identifier))
    except (Conversation.DoesNotExist, ValidationError, ValueError) as error:
        raise Http404("No such conversation") from error


def find_origin(request: Request, access: Access) -> Run | None:
    """Return the run whose settings and message the form is to begin with."""
    try:
        identifier = UUID(request.GET.get("from", ""))
    except ValueError:
        return None
    return Run.objects.for_team(access.team).filter(pk=identifier).first()


def initial_form(
    access: Access, choices: Choices, conversation: Conversation | None, runs: list[Run], origin: Run | None
) -> dict[str, Any]:
    """Return where the form begins: as the last turn was, or as `origin` was, or with only a model."""
    if runs:
        return {**initial_of(runs[-1]), "conversation": conversation and conversation.pk}
    if origin:
        return {**initial_of(origin), "message": origin.message}
    last = Run.objects.for_team(access.team).filter(author=access.membership.user_id).first()
    first_model = next(iter(choices.model_names), "")
    return {"model": last.model if last else first_model, "key": str(last.key_id) if last else ""}


async def run_form(request: Request, slug: str) -> HttpResponse:
    """Check the form, write the run, begin it, and answer with the turn."""
    access = await sync_to_async(get_access)(request, slug, Role.MEMBER)
    form, started = await sync_to_async(start_from_form)(request, access)
    if started is None:
        return await refuse(request, access, form)
    return await show_start(request, access, form, started)


def start_from_form(request: Request, access: Access) -> tuple[RunForm, Start | None]:
    """Return the form, with errors in words, or with what it started."""
    form = RunForm(request.POST, choices=Choices.of(access.team))
    if not form.is_valid():
        return form, None
    if runner.connections is None:
        form.add_error(None, STOPPING)
        return form, None
    data = form.cleaned_data
    wish = Wish(
        member=access.membership,
        key=data["key"],
        idempotency_key=data["idempotency_key"],
        model=data["model"],
        parameters=form.parameters(),
        system_prompt=data["system_prompt"],
        message=data["message"],
        conversation_id=data["conversation"],
    )
    try:
        return form, start(wish)
    except CannotStart as problem:
        form.add_error(None, str(problem))
        return form, None


async def refuse(request: Request, access: Access, form: RunForm) -> HttpResponse:
    """Show what is wrong beside the fields, with everything kept as it was typed."""
    context: dict[str, Any] = {"form": form, "choices": form.choices, "may_run": True, "may_go_on": True}
    if request.htmx:
        # 200: browsers write every error status of a fetch to the console, and nothing went wrong.
        return await sync_to_async(render)(request, "playground/index.html#refused", context)
    conversation = form.cleaned_data.get("conversation")
    runs = await sync_to_async(turns_of_conversation)(access, conversation)
    context["turns"] = [await turn_of(run, access.membership, session_of(request)) for run in runs]
    return await sync_to_async(render)(request, "playground/index.html", context, status=422)


def turns_of_conversation(access: Access, conversation: UUID | None) -> list[Run]:
    """Return the runs of a conversation of the team; none where there is none."""
    return list(
        Run.objects.for_team(access.team).filter(conversation=conversation).with_people().order_by("turn")
    )


async def show_start(request: Request, access: Access, form: RunForm, started: Start) -> HttpResponse:
    """Begin the run and answer with its turn; a repeated press shows the conversation as it is."""
    run = started.run
    if started.order:
        await runner.launch(started.order)
    url = conversation_url(access.team.slug, run.conversation_id)
    if not request.htmx:
        return redirect(url)
    if started.order is None:
        return HttpResponseClientRedirect(url)
    turn = await turn_of(run, access.membership, session_of(request))
    response = await sync_to_async(render)(
        request, "playground/index.html#started", started_context(turn, form)
    )
    response["HX-Push-Url" if run.turn == 1 else "HX-Replace-Url"] = url
    return response


def started_context(turn: Turn, form: RunForm) -> dict[str, Any]:
    """Return the new turn, and the form emptied for the next message."""
    initial = {**initial_of(turn.run), "conversation": turn.run.conversation_id}
    fresh = RunForm(initial=initial, choices=form.choices)
    return {"turn": turn, "form": fresh, "choices": form.choices, "may_run": True, "may_go_on": True}


def conversation_url(slug: str, conversation_id: UUID) -> str:
    """Return the address of a conversation."""
    query = urlencode({"conversation": str(conversation_id)})
    return f"{reverse('playground:index', args=[slug])}?{query}"


def session_of(request: Request) -> str:
    """Return the key of the session that asks, for tickets."""
    return request.session.session_key or ""

"""The playground: one to four conversations beside each other, and the form that goes on with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from playground.acts import PlaygroundAct
from playground.answers.views import chosen_view
from playground.editor.columns.addresses import BRANCH, page_url, query_of
from playground.editor.columns.columns import MOST, Column
from playground.editor.columns.differs import Differences, differences
from playground.editor.columns.earlier import compared, said_before
from playground.editor.columns.marks import marks
from playground.editor.columns.shared import shared_texts
from playground.editor.drafts.drafts import drafts_of
from playground.editor.form.choices import Choices
from playground.editor.form.identifiers import uuid_of, uuids_in
from playground.editor.form.links import links_by_field
from playground.editor.pages import Asked, beginnings, conversation_of, draft_for, examples_for, lettered
from playground.editor.shortcuts import SHORTCUTS, hints
from playground.editor.token_rates import token_facts
from playground.editor.turns.costs import Costs
from playground.editor.turns.followed import turn_of
from playground.editor.turns.page_stream import PageStream
from playground.models import Conversation, Draft, Run
from playground.models.drafts import Fields
from teams.http import Request
from teams.permissions import Access, get_access

# Of a page that begins in another way than it was left.
ADDED, ORIGIN, VALUES, EXAMPLE = "run", "from", "values", "example"
EDITED, USED = "edit", "use"


@require_safe
async def index(request: Request, slug: str) -> HttpResponse:
    """Show conversations, or an empty one, and the form to go on with."""
    access = await sync_to_async(get_access)(request, slug, PlaygroundAct.SEE_RUNS)
    page = await sync_to_async(load_page)(request, access)
    context = await with_turns(request, access, page)
    return await sync_to_async(render)(request, "playground/editor/index.html", context)


@require_safe
def keys(request: Request, slug: str) -> HttpResponse:
    """Propose names of keys that have the words typed so far in their name, for the list behind the field."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    words = next((str(value) for name, value in request.GET.items() if name.endswith("key")), "")
    names = Choices.of(access.membership).names(words)
    return render(request, "playground/editor/_key_names.html#key-names", {"names": names})


@require_safe
async def streams(request: Request, slug: str) -> HttpResponse:
    """Answer with the page's stream of those of the named runs that still go on."""
    access = await sync_to_async(get_access)(request, slug, PlaygroundAct.SEE_RUNS)
    runs = await sync_to_async(live_runs)(access, request.GET.getlist("run"))
    turns = [await turn_of(run, access.membership, session_of(request)) for run in runs]
    context = {"stream": PageStream.of(turns, session_of(request)), "team": access.team}
    return await sync_to_async(render)(request, "playground/editor/_stream.html", context)


def live_runs(access: Access, named: Iterable[str]) -> list[Run]:
    """Return the runs of the team with these ids that go on."""
    ids = uuids_in(list(named)[: MOST * 2])
    return list(Run.objects.for_team(access.team).filter(pk__in=ids).live().with_people())


def load_page(request: Request, access: Access) -> dict[str, Any]:
    """Return what the page shows, with the runs of each column where its turns will be."""
    member, choices = access.membership, Choices.of(access.membership)
    asked, kept = find_asked(request, access), drafts_of(member)
    draft = whole(draft_for(asked, kept))
    columns = lettered(beginnings(member, choices, asked, draft), choices, member)
    return {
        "columns": columns,
        "choices": choices,
        "examples": examples_for(columns, choices),
        "draft": draft,
        "other_drafts": [one for one in kept if one != draft and one.has_words],
        "draft_id": draft.pk if draft else "",
        "draft_seen": newest_save([*kept, draft]).isoformat(),
        "may_run": access.may(PlaygroundAct.RUN),
    }


def newest_save(drafts: Iterable[Draft | None]) -> datetime:
    """Return when the last of these drafts was saved; now where there is none."""
    return max((one.saved_at for one in drafts if one), default=timezone.now())


def whole(draft: Draft | None) -> Draft | None:
    """Return a draft with all that it holds, and when that was saved; None where it went meanwhile."""
    return Draft.objects.filter(pk=draft.pk).first() if draft else None


async def with_turns(request: Request, access: Access, page: dict[str, Any]) -> dict[str, Any]:
    """Return the context of a page whose columns come without their turns."""
    columns: list[Column] = page["columns"]
    conversations = [column.conversation.pk if column.conversation else None for column in columns]
    branches = [column.branch.named for column in columns if column.branch.named]
    address = page_url(access.team.slug, conversations, branches)
    session, view = session_of(request), chosen_view(request)
    costs = Costs(access.team)
    for column in columns:
        turns = [await turn_of(run, access.membership, session, view) for run in column.branch.runs]
        versions = column.branch.versions
        column.turns = [turn.on_page(address, versions.get(turn.run.pk), costs) for turn in turns]
    typed = [column.form.typed() for column in columns if column.form]
    mark(columns, typed)
    shown = [turn for column in columns for turn in column.turns]
    return {
        **page,
        "several": len(columns) > 1,
        "shortcuts": SHORTCUTS,
        "hints": hints(several=len(columns) > 1),
        "has_room": len(columns) < MOST,
        "differences": what_differs(columns, typed, page["choices"].key_names),
        "may_go_on": bool(typed),
        "shared": shared_texts(columns),
        "links_by_field": links_by_field(),
        "token_facts": await sync_to_async(token_facts)(access.team, page["choices"]) if typed else "",
        "conversation": columns[0].conversation,
        "address": address,
        "compared": query_of(conversations, branches),
        "stream": PageStream.of(shown, session_of(request)),
    }


def what_differs(
    columns: Iterable[Column], typed: Sequence[Fields], key_names: Mapping[str, str]
) -> Differences:
    """Return what differs between the columns that have a form; `typed` has what each holds."""
    own = [column for column in columns if column.form]
    said = [
        said_before(fields, one.branch.runs, with_live=True) for one, fields in zip(own, typed, strict=True)
    ]
    return differences(typed, key_names, "".join(column.letter for column in own), compared(said))


def mark(columns: Iterable[Column], typed: Sequence[Fields]) -> None:
    """Find the words of columns with a form that differ from the first one's; `typed` has what each holds."""
    own = (column for column in columns if column.form)
    for column, found in zip(own, marks(typed), strict=True):
        column.marked = found


def find_asked(request: Request, access: Access) -> Asked:
    """Return what the address asks for; raise `Http404` where the team has no such conversation."""
    conversations: list[Conversation | None] = []
    for named in request.GET.getlist("conversation")[:MOST]:
        found = find_conversation(named, access)
        # Nobody writes into one conversation from two columns.
        conversations.append(None if found in conversations else found)
    edited, used = find_turns(request, access, EDITED), find_turns(request, access, USED)
    shown = [*edited, *used, *find_turns(request, access, BRANCH)]
    branches = {run.conversation_id: run.pk for run in shown}
    origin, added = find_run_named(ORIGIN, request, access), added_runs(request, access)
    edits, uses = next(iter(edited), None), next(iter(used), None)
    valued, named = find_run_named(VALUES, request, access), request.GET.get(EXAMPLE, "")
    return Asked(conversations, origin, added, branches, edits, draft_named(request.GET), uses, valued, named)


def find_turns(request: Request, access: Access, name: str) -> list[Run]:
    """Return the runs that the address names so; raise `Http404` where the team has no such run."""
    named = list(dict.fromkeys(filter(None, request.GET.getlist(name)[: MOST * 2])))
    if not named:
        return []
    found = Run.objects.filter(team=access.team).only("conversation").in_order_of(uuids_in(named))
    if len(found) < len(named):
        raise Http404("No such turn")
    return found


def find_conversation(named: str, access: Access) -> Conversation | None:
    """Return the conversation of this id, None for an empty one; raise `Http404` where there is none such."""
    found = conversation_of(access.team, named)
    if named and found is None:
        raise Http404("No such conversation")
    return found


def identifier(values: QueryDict, name: str) -> UUID | None:
    """Return the id in a field; None where there is none."""
    return uuid_of(values.get(name, ""))


def draft_named(values: QueryDict) -> int | None:
    """Return the number of the draft that a form or an address names; None where it names none."""
    named = values.get("draft_id", "")
    return int(named) if named.isdecimal() and len(named) < 19 else None


def find_run_named(name: str, request: Request, access: Access) -> Run | None:
    """Return the run of the team that the address names so: whose settings and message, or whose values, the
    form begins with."""
    named = identifier(request.GET, name)
    return Run.objects.for_team(access.team).filter(pk=named).first() if named else None


def added_runs(request: Request, access: Access) -> list[Run]:
    """Return the runs of the team that the address adds as columns, in its order."""
    ids = uuids_in(request.GET.getlist(ADDED)[:MOST])
    return Run.objects.for_team(access.team).in_order_of(ids)


def session_of(request: Request) -> str:
    """Return the key of the session that asks, for tickets."""
    return request.session.session_key or ""

"""Addresses of pages: which conversations they show, and which branches of them."""

from collections.abc import Collection, Iterable
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from playground.editor.columns.columns import MOST
from playground.editor.form.identifiers import uuids_in
from playground.models import Run
from teams.http import Request

# Names a turn: its conversation is shown in the newest branch that has it.
BRANCH = "branch"


def page_url(slug: str, conversations: Iterable[UUID | str | None], branches: Iterable[UUID] = ()) -> str:
    """Return the address of a page of these conversations, in order; an empty one is a new column.

    `branches` are turns; a conversation of which none is named is shown in its newest branch.
    """
    query = query_of(conversations, branches)
    address = reverse("playground:index", args=[slug])
    return f"{address}?{query}" if query else address


def query_of(conversations: Iterable[UUID | str | None], branches: Iterable[UUID] = ()) -> str:
    """Return what an address says of the conversations of a page."""
    named = [("conversation", str(one or "")) for one in conversations]
    return urlencode([*named, *((BRANCH, str(one)) for one in branches)])


def page_with(request: Request, slug: str, conversation: UUID, *, newest: bool = False) -> str:
    """Return the address of the page from which somebody asks, where this conversation is one of its columns;
    of the conversation alone elsewhere. With `newest` that shows its newest branch, whichever was shown."""
    named = asked_from(request).get("conversation", [])[:MOST]
    shown = named if str(conversation) in named else [conversation]
    return page_url(slug, shown, branches_shown(request, but_of=[conversation] if newest else []))


def branches_shown(request: Request, but_of: Collection[UUID | str] = ()) -> list[UUID]:
    """Return the turns that the page from which somebody asks names as branches, but for those of some
    conversations: they are shown in another branch from now on."""
    named = uuids_in(asked_from(request).get(BRANCH, [])[:MOST])
    if not named or not but_of:
        return named
    gone = Run.objects.filter(pk__in=named, conversation__in=uuids_in(map(str, but_of)))
    return [one for one in named if one not in set(gone.values_list("pk", flat=True))]


def asked_from(request: Request) -> dict[str, list[str]]:
    """Return what the address of the page says from which somebody asks."""
    return parse_qs(urlsplit(request.headers.get("Referer", "")).query, keep_blank_values=True)

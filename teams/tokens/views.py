"""The page of a team's tokens: made, shown once, revoked."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.filters import Search
from common.lists import ListAddress
from common.templatetags.names import isolated
from teams.acts import TeamAct
from teams.changes import attempt
from teams.http import FORM, Request
from teams.models import TeamToken
from teams.permissions import Access, get_access
from teams.sign_in import reauthentication
from teams.tokens import deeds
from teams.tokens.forms import TokenForm
from teams.tokens.scopes import TokenScope

PER_PAGE = 25
SEARCH = Search("q", "Name or beginning")


@require_safe
def tokens(request: Request, slug: str) -> HttpResponse:
    """List the tokens that the person may see, and the form of a new one."""
    access = get_access(request, slug, TeamAct.MAKE_TOKENS)
    return render(request, "teams/tokens/tokens.html", page(access, TokenForm(), request.GET))


@require_POST
def make(request: Request, slug: str) -> HttpResponse:
    """Make a token and show it, this once."""
    access = get_access(request, slug, TeamAct.MAKE_TOKENS)
    form = TokenForm(request.POST)
    if form.is_valid() and (asked := reauthentication.ask(request)):
        return asked
    token = attempt(
        form, lambda data: deeds.make(access, data["name"], chosen(data["scopes"]), data["days"]), None
    )
    shown = page(access, TokenForm() if token else form, {}) | {"token": token}
    return render(request, "teams/tokens/tokens.html", shown, status=422 if form.errors else 200)


@FORM
def revoke(request: Request, slug: str, token_id: int) -> HttpResponse:
    """Ask, then revoke a token."""
    access = get_access(request, slug, TeamAct.MAKE_TOKENS)
    token = get_object_or_404(TeamToken.objects.seen_by(access.membership), pk=token_id)
    if request.method != "POST":
        return render(request, "teams/tokens/revoke.html", {"token": token})
    deeds.revoke(access, token_id)
    messages.success(request, f"{isolated(token.name)} was revoked: nothing is read with it any more.")
    return redirect("teams:tokens", slug=slug)


def chosen(words: list[str]) -> list[TokenScope]:
    """Return scopes by their words, in the order in which they are offered."""
    return [scope for scope in TokenScope if scope in words]


def page(access: Access, form: TokenForm, query: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows to whom."""
    address = ListAddress(query, SEARCH)
    found = TeamToken.objects.seen_by(access.membership).matching(address["q"])
    return {"page": address.page_of(found.select_related("created_by"), PER_PAGE), "form": form}

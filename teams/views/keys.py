"""The team's keys: who has which, with what limits; add one, retire one."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from teams import notes
from teams.forms import KeyForm
from teams.http import Request
from teams.keys import save_key
from teams.models import Key, Role
from teams.permissions import get_access


@require_safe
def keys(request: Request, slug: str) -> HttpResponse:
    """List the team's keys."""
    access = get_access(request, slug)
    context = {
        "keys": Key.objects.for_team(access.team).select_related("owner"),
        "may_manage": access.membership.may(Role.ADMIN),
    }
    return render(request, "teams/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("secret")
def add_key(request: Request, slug: str) -> HttpResponse:
    """Add a key once the provider has taken it."""
    access = get_access(request, slug, Role.ADMIN)
    form = KeyForm(request.POST or None, team=access.team)
    if request.method == "POST" and form.is_valid():
        key = save_key(access.team, access.membership.user, form.key_details())
        messages.success(request, f"{key.name} was added. Its usage is asked for now.")
        notes.about_check(request, form.check)
        response = redirect("teams:keys", slug=slug)
        return HttpResponseClientRedirect(response.url) if request.htmx else response
    template = "teams/key_add.html#key-form" if request.htmx else "teams/key_add.html"
    context = {"form": form, "simulator": bool(settings.SIMULATOR_URL)}
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def retire_key(request: Request, slug: str, key_id: UUID) -> HttpResponse:
    """Ask, then stop using a key: its secret is erased, its numbers stay."""
    access = get_access(request, slug, Role.ADMIN)
    key = get_object_or_404(Key.objects.for_team(access.team), pk=key_id)
    if request.method != "POST":
        return render(request, "teams/key_retire.html", {"key": key})
    key.retire()
    messages.success(request, f"{key.name} was retired. Its numbers stay.")
    return redirect("teams:keys", slug=slug)

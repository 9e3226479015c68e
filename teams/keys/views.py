"""The team's keys: who has which, with what limits; add, change, check and retire them."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from common.templatetags.names import isolated
from teams.acts import TeamAct
from teams.changes import Refused, attempt
from teams.http import FORM, Request, go_on, show_form
from teams.keys import check_messages, deeds, pages
from teams.keys.forms import KeyForm, SecretForm
from teams.keys.member_fields import proposed
from teams.keys.settings_form import KeySettingsForm
from teams.keys.timelines import timeline
from teams.permissions import get_access
from teams.sign_in import reauthentication


@require_safe
def keys(request: Request, slug: str) -> HttpResponse:
    """List the team's keys, with what the apps above know of them."""
    return pages.show(request, get_access(request, slug, TeamAct.SEE_KEYS))


@FORM
@sensitive_post_parameters("secret")
def add_key(request: Request, slug: str) -> HttpResponse:
    """Add a key once the provider has taken it."""
    access = get_access(request, slug, TeamAct.MANAGE_KEYS)
    form = KeyForm(request.POST or None, team=access.team)
    if key := attempt(form, lambda _: deeds.add_key(access, form.key_details()), "key_name"):
        messages.success(request, f"{isolated(key.name)} was added. Its usage is asked for now.")
        check_messages.about_check(request, form.check)
        return go_on(request, "teams:keys", slug=slug)
    simulator = bool(settings.SIMULATOR_URL)
    return show_form(request, "teams/keys/add.html", "key-form", form, simulator=simulator)


@FORM
def key(request: Request, slug: str, key_id: UUID) -> HttpResponse:
    """Show a key and change what the team says about it."""
    access = get_access(request, slug, TeamAct.MANAGE_KEYS)
    found = deeds.living_key(access.membership, key_id)
    form = KeySettingsForm(request.POST or None, key=found)
    if attempt(form, lambda _: deeds.change_key(access, key_id, form.settings()), "valid"):
        messages.success(request, "Saved.")
        return redirect("teams:key", slug=slug, key_id=key_id)
    context = {"key": found, "form": form, "timeline": timeline(found)}
    return render(request, "teams/keys/key.html", context, status=422 if form.errors else 200)


@require_safe
def member_names(request: Request, slug: str) -> HttpResponse:
    """Propose people by the words typed so far, for the list behind the field of the owner."""
    access = get_access(request, slug, TeamAct.MANAGE_KEYS)
    people = proposed(access.team, request.GET.get("owner", ""))
    return render(request, "teams/keys/_member_names.html", {"proposed": people})


@FORM
@sensitive_post_parameters("secret")
def replace_secret(request: Request, slug: str, key_id: UUID) -> HttpResponse:
    """Give a key another secret or address, once the provider has taken the two together."""
    access = get_access(request, slug, TeamAct.MANAGE_KEYS)
    found = deeds.living_key(access.membership, key_id)
    if asked := reauthentication.ask(request):
        return asked
    form = SecretForm(request.POST or None, initial={"base_url": found.base_url})
    if request.method == "POST" and form.is_valid():
        address, secret = form.cleaned_data["base_url"], form.cleaned_data["secret"]
        deeds.replace_secret(access, key_id, address, secret, form.check.models)
        messages.success(request, f"{isolated(found.name)} has a new secret.")
        check_messages.about_check(request, form.check)
        return go_on(request, "teams:keys", slug=slug)
    return show_form(request, "teams/keys/secret.html", "secret-form", form, key=found)


@require_POST
def check_key(request: Request, slug: str, key_id: UUID) -> HttpResponse:
    """Ask the provider whether it takes a key, now."""
    access = get_access(request, slug, TeamAct.MANAGE_KEYS)
    try:
        check = deeds.recheck(access, key_id)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if check.problem:
            messages.error(request, check.problem)
        else:
            messages.success(request, "The provider takes this key.")
            check_messages.about_check(request, check)
    return redirect("teams:key", slug=slug, key_id=key_id)


@FORM
def retire_key(request: Request, slug: str, key_id: UUID) -> HttpResponse:
    """Ask, then stop using a key: its secret is erased, its numbers stay."""
    access = get_access(request, slug, TeamAct.MANAGE_KEYS)
    found = deeds.living_key(access.membership, key_id)
    if request.method != "POST":
        return render(request, "teams/keys/retire.html", {"key": found})
    if asked := reauthentication.ask(request):
        return asked
    deeds.retire(access, key_id)
    messages.success(request, f"{isolated(found.name)} was retired. Its numbers stay.")
    return redirect("teams:keys", slug=slug)

"""The models page: what each provider offers, since when, every change; and when a model retires."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.templatetags.names import isolated
from teams.acts import TeamAct
from teams.http import FORM, Request, go_on, show_form
from teams.models import Key
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.catalogue.page.changes import changes_of
from usage.catalogue.page.overview import overview
from usage.catalogue.page.retirement import RetirementForm, find, set_retirement
from usage.models import catalogue


@require_safe
def models(request: Request, slug: str) -> HttpResponse:
    """List the models ever offered to the team's keys, and what happened to them."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    found = overview(access.team, request.GET, timezone.now())
    context = {
        "found": found,
        "page": found.page,
        "several_addresses": found.has_several_addresses,
        "most_models": catalogue.MOST_MODELS,
        "most_changes": catalogue.MOST_CHANGES,
        "has_keys": bool(found.rows) or Key.objects.for_team(access.team).usable().exists(),
        "may_set": access.may(UsageAct.SET_RETIREMENTS),
        "may_manage": access.may(TeamAct.MANAGE_KEYS),
    }
    return render(request, "usage/catalogue/models.html", context)


@require_safe
def model_changes(request: Request, slug: str) -> HttpResponse:
    """List everything that happened to the team's models."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    found = changes_of(access.team, request.GET, timezone.now())
    context = {
        "found": found,
        "page": found.page,
        "several_addresses": found.has_several_addresses,
        "most_changes": catalogue.MOST_CHANGES,
    }
    return render(request, "usage/catalogue/changes.html", context)


@FORM
def retirement(request: Request, slug: str, model_id: int) -> HttpResponse:
    """Show when a model retires, and let it be typed."""
    access = get_access(request, slug, UsageAct.SET_RETIREMENTS)
    model = find(access.team, model_id)
    posted = request.POST if request.method == "POST" else None
    form = RetirementForm(posted, initial={"day": model.typed_retires_on})
    if form.is_valid():
        set_retirement(access, model_id, form.cleaned_data["day"])
        messages.success(request, f"Saved when {isolated(model)} retires.")
        return go_on(request, "usage:models", slug=slug)
    return show_form(request, "usage/catalogue/retirement.html", "retirement-form", form, model=model)

"""The models page: what each provider offers, since when, and every change."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from teams.http import Request
from teams.models import Key
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.models import CatalogueModel, ModelChange

MOST_CHANGES = 200


@require_safe
def models(request: Request, slug: str) -> HttpResponse:
    """List the models ever offered to the team's keys, and what changed."""
    team = get_access(request, slug, UsageAct.SEE_USAGE).team
    offered = list(CatalogueModel.objects.for_team(team))
    changes = ModelChange.objects.filter(model__team=team).select_related("model")
    context = {
        "offered": offered,
        "several_addresses": len({model.base_url for model in offered}) > 1,
        "changes": list(changes[:MOST_CHANGES]),
        "has_keys": bool(offered) or Key.objects.for_team(team).usable().exists(),
    }
    return render(request, "usage/catalogue/models.html", context)

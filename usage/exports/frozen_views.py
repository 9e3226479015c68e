"""A frozen page as a file, for whoever may open its link."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from teams.http import Request
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.explore import freezing, frozen
from usage.exports.files import attached
from usage.exports.frozen import CSV, TYPES, csv_of, json_of

# That a file begins with a mark of its encoding.
BOM = "bom"


@require_safe
def frozen_file(request: Request, slug: str, frozen_id: int, kind: str) -> HttpResponse:
    """Send what a frozen page draws. Pages that were frozen before files were kept have none."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    kept = freezing.find(access.team, frozen_id)
    told = frozen.contents(kept)
    if kind not in TYPES or "sheet" not in told["page"]:
        raise Http404("No such file")
    is_marked = request.GET.get(BOM) == "1"
    content = csv_of(told["page"], is_marked=is_marked) if kind == CSV else json_of(kept, told)
    name = f"usage-{access.team.slug}-frozen-{kept.pk}.{kind}"
    return HttpResponse(content, content_type=TYPES[kind], headers=attached(name))

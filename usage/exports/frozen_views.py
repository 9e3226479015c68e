"""A frozen page as a file, for whoever may open its link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from teams.http import Request, go_on
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.explore import freezing, frozen
from usage.exports.files import attached
from usage.exports.frozen import CSV, TYPES, csv_of, json_of, name_of_frozen
from usage.exports.picture.files import PICTURES, drawn
from usage.exports.picture.png import NotDrawn
from usage.exports.picture.words import of_frozen

# That a file begins with a mark of its encoding.
BOM = "bom"


@require_safe
def frozen_file(request: Request, slug: str, frozen_id: int, kind: str) -> HttpResponse:
    """Send what a frozen page draws."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    kept = freezing.find(access.team, frozen_id)
    told = frozen.contents(kept)
    name = name_of_frozen(kept, kind)
    if kind not in kinds_of(told["page"]):
        raise Http404("No such file")
    if kind in PICTURES:
        try:
            return drawn(of_frozen(kept, told), kind, name)
        except NotDrawn as problem:
            messages.error(request, str(problem))
            return go_on(request, "usage:frozen_page", slug=slug, frozen_id=kept.pk)
    is_marked = request.GET.get(BOM) == "1"
    content = csv_of(told["page"], is_marked=is_marked) if kind == CSV else json_of(kept, told)
    return HttpResponse(content, content_type=TYPES[kind], headers=attached(name))


def kinds_of(page: dict[str, Any]) -> set[str]:
    """The kinds of files that there are of a page: none where it was frozen before files were kept."""
    if "sheet" not in page:
        return set()
    return {*TYPES, *(PICTURES if page["figure"] else ())}

"""What a chart can be filtered by, as a list in a menu, or as a page of its own."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from common.fragments import render_fragment
from teams.http import Request
from teams.permissions import get_access
from usage.acts import UsageAct
from usage.explore.query.dimensions import Dimension
from usage.explore.query.query import Query
from usage.explore.query.reader import read_query
from usage.explore.reading.values import MOST_VALUES, Value, values_of

SEARCH = "q"
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """One value, and the question with it put to the filter or taken from it."""

    value: Value
    query: str
    is_chosen: bool


@require_safe
def filter_values(request: Request, slug: str, dimension: str) -> HttpResponse:
    """List the values of a dimension, each with the question that filters by it."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    if dimension not in list(Dimension):
        raise Http404
    query, _ = read_query(dict(request.GET.lists()))
    words = request.GET.get(SEARCH, "").replace("\x00", "")[:LONGEST_SEARCH].strip()
    values = values_of(access.team, Dimension(dimension), words)
    context: dict[str, Any] = {
        "dimension": Dimension(dimension),
        "values": [_shown(query, Dimension(dimension), value) for value in values[:MOST_VALUES]],
        "has_more": len(values) > MOST_VALUES,
        "words": words,
        "fields": list(query.parameters()),
        "address": query.address(),
    }
    return render_fragment(request, "usage/explore/filter_values.html", "values", context)


def _shown(query: Query, dimension: Dimension, value: Value) -> Shown:
    """A value with its link: pressed again it leaves the filter."""
    kept = query.filtered(dimension)
    ids = {one for each in kept for one in each.ids}
    is_not = bool(kept) and all(each.is_not for each in kept)
    changed = query.only(dimension, *(ids ^ {value.id}), is_not=is_not)
    return Shown(value, changed.address(), value.id in ids)

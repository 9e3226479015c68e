"""What a chart can be filtered by, and whose billing period it may show: a list in a menu, or a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
EACH_OWN = "Each key's own"


@dataclass(frozen=True, slots=True)
class Shown:
    """One value, and the question with it put to the filter or taken from it; whoever asks `is_own`."""

    value: Value
    query: str
    is_chosen: bool
    is_own: bool = False


@require_safe
def filter_values(request: Request, slug: str, dimension: str) -> HttpResponse:
    """List the values of a dimension, each with the question that filters by it."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    if dimension not in list(Dimension):
        raise Http404
    query, _ = read_query(dict(request.GET.lists()))
    words = _words(request)
    kind = Dimension(dimension)
    values = values_of(access.team, kind, words)
    shown = [_shown(query, kind, value) for value in values]
    if kind == Dimension.MEMBER:
        shown = _own_first(shown, str(access.membership.user_id))
    context = {"title": f"Filter by {kind.label.lower()}", "listed": dimension, "plural": kind.plural}
    return _listed(request, query, words, shown, context)


@require_safe
def anchors(request: Request, slug: str) -> HttpResponse:
    """List the accounts, each with the question whose billing period is that account's."""
    access = get_access(request, slug, UsageAct.SEE_USAGE)
    query, _ = read_query(dict(request.GET.lists()))
    words = _words(request)
    values = [value for value in values_of(access.team, Dimension.ACCOUNT, words) if value.id.isdecimal()]
    each = [] if words else [Value("", EACH_OWN)]
    shown = [
        Shown(value, query.address(anchor=value.id), value.id == query.anchor) for value in [*each, *values]
    ]
    context = {"title": "Whose billing period", "listed": "anchor", "plural": "accounts"}
    return _listed(request, query, words, shown, context)


def _words(request: Request) -> str:
    return request.GET.get(SEARCH, "").replace("\x00", "")[:LONGEST_SEARCH].strip()


def _listed(
    request: Request, query: Query, words: str, shown: Sequence[Shown], context: dict[str, Any]
) -> HttpResponse:
    context |= {
        "values": shown[:MOST_VALUES],
        "has_more": len(shown) > MOST_VALUES,
        "words": words,
        "fields": list(query.parameters()),
        "address": query.address(),
    }
    return render_fragment(request, "usage/explore/filter_values.html", "values", context)


def _own_first(shown: Sequence[Shown], own: str) -> list[Shown]:
    """The same with whoever asks first."""
    told = [replace(each, is_own=each.value.id == own) for each in shown]
    return sorted(told, key=lambda each: not each.is_own)


def _shown(query: Query, dimension: Dimension, value: Value) -> Shown:
    """A value with its link: pressed again it leaves the filter."""
    kept = query.filtered(dimension)
    ids = {one for each in kept for one in each.ids}
    is_not = bool(kept) and all(each.is_not for each in kept)
    changed = query.only(dimension, *(ids ^ {value.id}), is_not=is_not)
    return Shown(value, changed.address(), value.id in ids)

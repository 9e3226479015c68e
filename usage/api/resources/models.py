"""The models that the team's keys were ever offered: which keys see each, and what it used in a week."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from usage.api.cursors import cursor_of, place_of
from usage.api.frame import Call, Found
from usage.api.problems import Problem
from usage.api.shapes import Json, at, named
from usage.claims import UNKNOWN, Amount
from usage.exports.json_text import said
from usage.exports.records import Records, records_of
from usage.ledger import TOKENS
from usage.models import CatalogueModel, ModelOffer, TeamModel

ORDER = "models, as they were first seen"
WEEK = {"by": ["model"], "period": ["7d"]}


def find(call: Call) -> Found:
    """All models, in the order in which they were first seen."""
    shown, cursor = page_of(call)
    week = records_of(call.access.team, WEEK, call.now)
    ids, used, keys = ids_of(call, shown), used_by_model(week), keys_of(shown)
    as_of = week.report.numbers.as_of if week else None
    rows = [row(model, ids.get(model.name), used, keys[model.pk]) for model in shown]
    return Found({"as_of": at(as_of), "rows": rows}, cursor)


def page_of(call: Call) -> tuple[Sequence[CatalogueModel], str]:
    """One page of models, and the cursor of the next."""
    models = CatalogueModel.objects.filter(team=call.access.team).order_by("pk")
    limit, cursor = call.parameters.limit, call.parameters.cursor
    if cursor:
        models = models.filter(pk__gt=read_place(place_of(ORDER, cursor)))
    found = list(models[: limit + 1])
    return found[:limit], cursor_of(ORDER, [found[limit - 1].pk]) if len(found) > limit else ""


def read_place(place: Sequence[str | int]) -> int:
    """The row that a cursor stands behind."""
    match place:
        case [int(pk)] if 0 <= pk < 1 << 63:
            return pk
    raise Problem(400, "This cursor is none of models.", "cursor_invalid")


def ids_of(call: Call, models: Sequence[CatalogueModel]) -> Mapping[str, int]:
    """The ids by which usage is asked for models, by name; none of those that were never used."""
    used = TeamModel.objects.filter(team=call.access.team, model__in={model.name for model in models})
    return dict(used.values_list("model", "pk"))


def keys_of(models: Sequence[CatalogueModel]) -> Mapping[int, list[Json]]:
    """The keys that see each model now."""
    found: dict[int, list[Json]] = defaultdict(list)
    offers = ModelOffer.objects.current().filter(model__in=models).order_by("key__name", "key_id")
    for model, key, name in offers.values_list("model_id", "key_id", "key__name"):
        found[model].append(named(key, name))
    return found


def used_by_model(week: Records | None) -> Any:
    """What is known of the last seven days of a model, by its id; of one that is not told, of nothing."""

    def used(model: int | None) -> Amount:
        if week is None:
            return UNKNOWN
        sums = week.report.sums
        return sums.by_series[TOKENS].get((str(model),), sums.nothing(TOKENS, ()))

    return used


def row(model: CatalogueModel, usage_id: int | None, used: Any, keys: list[Json]) -> Json:
    """One model at one address; what it used is told of its name, at whatever address."""
    return {
        "id": str(model.pk),
        "name": model.name,
        "model": None if usage_id is None else str(usage_id),
        "base_url": model.base_url,
        "owned_by": model.owned_by,
        "context_window": model.context_window,
        "max_tokens": model.max_tokens,
        "first_seen_at": at(model.first_seen_at),
        "last_seen_at": at(model.last_seen_at),
        "gone_at": at(model.gone_at),
        "retires_on": model.retirement and model.retirement.isoformat(),
        "keys": keys,
        "used_in_7_days": said(used(usage_id)),
    }

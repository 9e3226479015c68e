"""Fold the answers of `/models` into a team's catalogue, with every change noted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from rax import Model
from teams.models import Team
from usage.models import CatalogueModel, ModelChange

FIGURES = ("owned_by", "description", "context_window", "max_tokens")

# Keys of one address may be offered different models: one is gone when no key saw it for so long.
GONE_AFTER = timedelta(hours=3)


@transaction.atomic
def take_models(team: Team, base_url: str, models: Iterable[Model], now: datetime) -> list[ModelChange]:
    """Take one answer of `/models`; return what changed: the same answer again changes nothing."""
    Team.objects.select_for_update().get(pk=team.pk)
    known = {model.name: model for model in CatalogueModel.objects.filter(team=team, base_url=base_url)}
    changes: list[ModelChange] = []
    seen = set()
    for offered in models:
        seen.add(offered.id)
        changes += _meet(known.get(offered.id) or CatalogueModel(team=team, base_url=base_url), offered, now)
    CatalogueModel.objects.filter(team=team, base_url=base_url, name__in=seen).update(last_seen_at=now)
    for model in known.values():
        if model.name not in seen and model.gone_at is None and model.last_seen_at <= now - GONE_AFTER:
            model.gone_at = now
            model.save(update_fields=["gone_at"])
            changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.DISAPPEARED))
    return ModelChange.objects.bulk_create(changes)


def _meet(model: CatalogueModel, offered: Model, now: datetime) -> list[ModelChange]:
    """Bring one row up to what is offered now."""
    changes = []
    if model.pk is None:
        model.name, model.first_seen_at = offered.id, now
        changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.APPEARED))
    elif model.gone_at is not None:
        changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.RETURNED))
    for field in FIGURES:
        before, after = getattr(model, field), getattr(offered, field)
        if isinstance(before, str):
            after = after or ""
        if model.pk is not None and before != after:
            changes.append(_change(model, now, field, before, after))
        setattr(model, field, after)
    if changes:
        model.last_seen_at, model.gone_at = now, None
        model.save()
    return changes


def _change(
    model: CatalogueModel, now: datetime, field: str, before: str | int | None, after: str | int | None
) -> ModelChange:
    texts = {"before": _text(before), "after": _text(after)}
    return ModelChange(model=model, at=now, kind=ModelChange.Kind.CHANGED, field=field, **texts)


def _text(value: str | int | None) -> str:
    return "" if value is None else str(value)

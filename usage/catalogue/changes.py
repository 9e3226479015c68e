"""Fold the answers of `/models` into a team's catalogue, with every change noted."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from rax import Model
from teams.models import Key, Team
from usage.catalogue.figures import FIGURES, Told, changed, told_of
from usage.models import CatalogueModel, ModelChange, ModelOffer

# Keys of one address may be offered different models: one is gone when no key saw it for so long.
GONE_AFTER = timedelta(hours=3)


@transaction.atomic
def take_models(
    team: Team, base_url: str, models: Iterable[Model], now: datetime, key: Key | None = None
) -> list[ModelChange]:
    """Take one answer of `/models`; return what changed: the same answer again changes nothing.

    Keys of one address may be told different figures. A figure changes when the `key` that is answered is
    told another one than before: not when it is told another one than other keys.
    """
    Team.objects.select_for_update().get(pk=team.pk)
    known = {model.name: model for model in CatalogueModel.objects.filter(team=team, base_url=base_url)}
    listed = {model.id: model for model in models}
    heard = _Heard.by(key, [known[name] for name in listed if name in known]) if key else _Heard({}, set())
    changes: list[ModelChange] = []
    for name, offered in listed.items():
        model = known.get(name) or CatalogueModel(team=team, base_url=base_url)
        changes += _meet(model, offered, heard.news(model, offered), now)
    CatalogueModel.objects.filter(team=team, base_url=base_url, name__in=listed, last_seen_at__lt=now).update(
        last_seen_at=now
    )
    for model in known.values():
        if model.name not in listed and model.gone_at is None and model.last_seen_at <= now - GONE_AFTER:
            model.gone_at = now
            model.save(update_fields=["gone_at"])
            changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.DISAPPEARED))
    return ModelChange.objects.bulk_create(changes)


class _Heard:
    """What a key was told of models before, and which of the others only other keys were told of."""

    def __init__(self, told: Mapping[int, Told | None], of_others: set[int]) -> None:
        self._told, self._of_others = told, of_others

    @classmethod
    def by(cls, key: Key, models: Iterable[CatalogueModel]) -> "_Heard":
        """Look it up; one query as a rule, one more where the key is told of a model for the first time."""
        open_offers = ModelOffer.objects.open()
        told = dict(open_offers.filter(key=key).values_list("model_id", "told"))
        new = {model.pk for model in models} - told.keys()
        others = open_offers.filter(model_id__among=new).values_list("model_id", flat=True) if new else ()
        return cls(told, set(others))

    def news(self, model: CatalogueModel, offered: Model) -> set[str]:
        """Return the names of the figures of which this answer may be news."""
        if told := self._told.get(model.pk):
            return changed(told, told_of(offered))
        return set() if model.pk in self._of_others else set(FIGURES)


def _meet(model: CatalogueModel, offered: Model, news: set[str], now: datetime) -> list[ModelChange]:
    """Bring one row up to what is offered now."""
    changes = []
    if model.pk is None:
        model.name, model.first_seen_at, news = offered.id, now, set(FIGURES)
        changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.APPEARED))
    elif model.gone_at is not None and model.gone_at < now:
        changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.RETURNED))
    for field in sorted(news, key=FIGURES.index):
        before, after = getattr(model, field), getattr(offered, field)
        if isinstance(before, str):
            after = after or ""
        if model.pk is not None and before != after:
            changes.append(_change(model, now, field, before, after))
        setattr(model, field, after)
    if changes:
        model.last_seen_at = max(model.last_seen_at or now, now)
        # An answer of before it was gone, which comes late, does not bring it back.
        model.gone_at = model.gone_at if model.gone_at and model.gone_at >= now else None
        model.save()
    return changes


type Figure = str | int | date | None


def _change(model: CatalogueModel, now: datetime, field: str, before: Figure, after: Figure) -> ModelChange:
    texts = {"before": _text(before), "after": _text(after)}
    return ModelChange(model=model, at=now, kind=ModelChange.Kind.CHANGED, field=field, **texts)


def _text(value: Figure) -> str:
    return "" if value is None else str(value)

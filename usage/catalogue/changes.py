"""Take the answers of `/models` into a team's catalogue, with every change noted."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.database import bulk
from rax import Model
from teams.models import Key, Team
from usage.catalogue.bounds import keep_newest_changes
from usage.catalogue.figures import FIGURES
from usage.catalogue.steps import Heard, take_list, within_room
from usage.models import CatalogueModel, ModelChange, ModelOffer

# What an answer may change of a model.
TOLD = (*FIGURES, "last_seen_at", "gone_at")
# So many rows are written by a statement.
AT_ONCE = 200


@transaction.atomic
def take_models(
    team: Team, base_url: str, models: Iterable[Model], now: datetime, key: Key | None = None
) -> list[ModelChange]:
    """Take one answer of `/models`, as far as there is room; return what changed: the same answer again
    changes nothing.

    Keys of one address may be told different figures. A figure changes when the `key` that is answered is
    told another one than before: not when it is told another one than other keys.
    """
    Team.objects.select_for_update().get(pk=team.pk)
    listed: Mapping[str, Model] = {model.id: model for model in models}
    rows = CatalogueModel.objects.filter(team=team, base_url=base_url)
    # Servers may name others every hour: what is gone and stays away is not looked at again.
    known = {model.name: model for model in rows.filter(Q(gone_at=None) | Q(name__among=list(listed)))}
    if listed.keys() - known.keys():
        listed = within_room(listed, known, rows.count())
    heard = _heard(key, [known[name] for name in listed if name in known]) if key else Heard()
    for name in listed.keys() - known.keys():
        known[name] = CatalogueModel(team=team, base_url=base_url, name=name)
    moved = take_list(known, listed, heard, now)
    _save(moved.models)
    rows.filter(name__among=list(listed), last_seen_at__lt=now).update(last_seen_at=now)
    changes = ModelChange.objects.bulk_create(moved.changes)
    if any(change.kind != ModelChange.Kind.APPEARED for change in changes):
        keep_newest_changes(team, [base_url])
    return changes


def _save(models: Iterable[CatalogueModel]) -> None:
    """Save those that are new, and of others what an answer changes."""
    new: list[CatalogueModel] = []
    moved: list[CatalogueModel] = []
    for model in models:
        (new if model.pk is None else moved).append(model)
    CatalogueModel.objects.bulk_create(new, batch_size=AT_ONCE)
    bulk.update(CatalogueModel, moved, TOLD)


def _heard(key: Key, models: Iterable[CatalogueModel]) -> Heard:
    """What a key was told of models; one query as a rule, one more where it is told of one for the first
    time.
    """
    opened, names = ModelOffer.objects.open(), {model.pk: model.name for model in models}
    told = dict(opened.filter(key=key, model_id__among=names).values_list("model_id", "told"))
    new = names.keys() - told.keys()
    others = opened.filter(model_id__among=new).values_list("model_id", flat=True) if new else ()
    return Heard({names[pk]: each for pk, each in told.items()}, frozenset(names[pk] for pk in others))

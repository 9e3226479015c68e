"""Note which key is offered which model, since when and until when: keys of one address may differ."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from rax import Model
from teams.models import Key
from usage.catalogue.changes import GONE_AFTER
from usage.models import CatalogueModel, ModelOffer


def take_offers(key: Key, models: Iterable[Model], now: datetime) -> None:
    """Take what one key was answered to `/models`, after the catalogue did. The caller has locked its team.

    A model ends for a key with the patience that the catalogue has, and at the time it was last offered.
    """
    offered = {(key.base_url, model.id) for model in models}
    seen: dict[tuple[str, str], int] = {}
    missing: list[int] = []
    for offer in ModelOffer.objects.open().filter(key=key).select_related("model"):
        place = offer.model.base_url, offer.model.name
        if place in offered:
            seen[place] = offer.pk
        elif offer.last_seen_at <= now - GONE_AFTER:
            missing.append(offer.pk)
    ModelOffer.objects.filter(pk__among=seen.values()).update(last_seen_at=now)
    if missing:
        ModelOffer.objects.filter(pk__among=missing).update(until=F("last_seen_at"))
    if new := offered - seen.keys():
        _open(key, {name for _, name in new}, now)


def _open(key: Key, names: set[str], now: datetime) -> None:
    listed = CatalogueModel.objects.filter(team=key.team_id, base_url=key.base_url, name__among=names)
    ModelOffer.objects.bulk_create(
        ModelOffer(key=key, model=model, since=now, last_seen_at=now) for model in listed
    )

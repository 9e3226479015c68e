"""Note which key is offered which model, since when and until when: keys of one address may differ."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from rax import Model
from teams.models import Key
from usage.catalogue.changes import GONE_AFTER
from usage.catalogue.figures import told_of
from usage.models import CatalogueModel, ModelOffer


def take_offers(key: Key, models: Iterable[Model], now: datetime) -> None:
    """Take what one key was answered to `/models`, after the catalogue did. The caller has locked its team.

    A model ends for a key with the patience that the catalogue has, and at the time it was last offered.
    """
    told = {(key.base_url, model.id): told_of(model) for model in models}
    seen: dict[tuple[str, str], int] = {}
    another: list[ModelOffer] = []
    missing: list[int] = []
    for offer in ModelOffer.objects.open().filter(key=key).select_related("model"):
        place = offer.model.base_url, offer.model.name
        if place in told:
            seen[place] = offer.pk
            if offer.told != told[place]:
                offer.told = dict(told[place])
                another.append(offer)
        elif offer.last_seen_at <= now - GONE_AFTER:
            missing.append(offer.pk)
    ModelOffer.objects.filter(pk__among=seen.values()).update(last_seen_at=now)
    if another:
        ModelOffer.objects.bulk_update(another, ["told"], batch_size=200)
    if missing:
        ModelOffer.objects.filter(pk__among=missing).update(until=F("last_seen_at"))
    if new := told.keys() - seen.keys():
        _open(key, {name: dict(told[url, name]) for url, name in new}, now)


def _open(key: Key, told: dict[str, dict[str, str | int | None]], now: datetime) -> None:
    listed = CatalogueModel.objects.filter(team=key.team_id, base_url=key.base_url, name__among=set(told))
    ModelOffer.objects.bulk_create(
        ModelOffer(key=key, model=model, since=now, last_seen_at=now, told=told[model.name])
        for model in listed
    )

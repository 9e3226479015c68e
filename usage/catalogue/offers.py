"""Note which key is offered which model, since when and until when: keys of one address may differ."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F

from common.database import bulk
from rax import Model
from teams.models import Key
from usage.catalogue.bounds import keep_newest_offers
from usage.catalogue.figures import Told
from usage.catalogue.steps import take_list_of_key
from usage.models import CatalogueModel, ModelOffer


def take_offers(key: Key, models: Iterable[Model], now: datetime) -> bool:
    """Take what one key was answered to `/models`, after the catalogue did; tell whether anything changed.

    The caller has locked its team.
    """
    opened = ModelOffer.objects.open().filter(key=key).select_related("model")
    moved = take_list_of_key(opened, key.base_url, {model.id: model for model in models}, now)
    ModelOffer.objects.filter(pk__among=[offer.pk for offer in moved.seen]).update(last_seen_at=now)
    if moved.another:
        bulk.update(ModelOffer, moved.another, ["told"])
    if moved.ended:
        ended = [offer.pk for offer in moved.ended]
        ModelOffer.objects.filter(pk__among=ended).update(until=F("last_seen_at"))
        keep_newest_offers([key])
    opened_any = bool(moved.new) and _open(key, moved.new, now)
    return bool(moved.another or moved.ended) or opened_any


def _open(key: Key, told: Mapping[str, Told], now: datetime) -> bool:
    """Tell whether the catalogue has any of these."""
    listed = CatalogueModel.objects.filter(team=key.team_id, base_url=key.base_url, name__among=set(told))
    offers = [
        ModelOffer(key=key, model=model, since=now, last_seen_at=now, told=dict(told[model.name]))
        for model in listed
    ]
    return bool(ModelOffer.objects.bulk_create(offers))

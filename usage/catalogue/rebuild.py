"""Make a team's catalogue again from the answers that were kept, since all of them were.

What was told before that stays; what was typed by hand stays in any case.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from common.database import bulk
from rax import read_model_list
from teams.models import Key, Team
from usage.catalogue.bounds import keep_newest_changes, keep_newest_offers
from usage.catalogue.figures import told_of
from usage.catalogue.fold import Catalogue, Listed, fold
from usage.catalogue.steps import GONE_AFTER
from usage.models import CatalogueModel, ModelChange, ModelListing, ModelOffer

Kind = ModelChange.Kind


class NotKept(Exception):
    """An answer was past the bound of what is kept: nothing can be made of those that came later."""


@transaction.atomic
def rebuild(team: Team) -> int:
    """Make the catalogue again; return how many answers it was made of. Raises NotKept.

    It is that of before where nothing went wrong meanwhile.
    """
    Team.objects.select_for_update().get(pk=team.pk)
    answers = [(listing, _listed(listing)) for listing in _kept(team)]
    since = _whole_since([listing for listing, _ in answers])
    earlier = [each for each in answers if since and each[0].since <= since]
    later = [each for each in answers if not since or each[0].since > since]
    _write(team, fold(_before(team, earlier, since), later), since)
    return len(answers)


def _kept(team: Team) -> Iterable[ModelListing]:
    return ModelListing.objects.of_team(team).select_related("body")


def _listed(listing: ModelListing) -> Listed:
    if listing.body is None:
        raise NotKept(f"The list that key {listing.key_id} was answered at {listing.since} was not kept.")
    return {model.id: model for model in read_model_list(listing.body.text.encode())}


def _whole_since(listings: Iterable[ModelListing]) -> datetime | None:
    """The last of the first answers that were kept: since then all are. None where all of them ever were."""
    first: dict[object, ModelListing] = {}
    for listing in listings:
        first.setdefault(listing.key_id, listing)
    return max((listing.since for listing in first.values() if not listing.is_first), default=None)


def _before(team: Team, earlier: Sequence[tuple[ModelListing, Listed]], since: datetime | None) -> Catalogue:
    """The catalogue as it stood after an instant: what changed later undone. Empty without one."""
    catalogue = Catalogue(team.pk)
    if since is None:
        return catalogue
    models = CatalogueModel.objects.filter(team=team, first_seen_at__lte=since)
    by_id = {model.pk: model for model in models}
    for change in ModelChange.objects.filter(model__in=by_id, by="").order_by("-at", "-pk"):
        _undo(by_id[change.model_id], change, since)
    for model in by_id.values():
        if model.last_seen_at > since:
            # It was seen later; an answer that is kept may tell better when it was before.
            model.last_seen_at = max(since - GONE_AFTER, model.first_seen_at)
        catalogue.models[model.base_url, model.name] = model
    last = {listing.key_id: listing.since for listing, _ in earlier}
    for offer in ModelOffer.objects.filter(model__in=by_id, since__lte=since).order_by("pk"):
        offer.model = by_id[offer.model_id]
        if offer.until is None or last.get(offer.key_id, since) < offer.until + GONE_AFTER:
            offer.until, offer.last_seen_at = None, min(offer.last_seen_at, since)
            catalogue.offers.setdefault(offer.key_id, []).append(offer)
    for listing, listed in earlier:
        catalogue.remember(listing, listed)
        catalogue.see(since)
        for offer in catalogue.offers.get(listing.key_id, ()):
            if offer.model.base_url == listing.base_url and offer.model.name in listed:
                offer.told = dict(told_of(listed[offer.model.name]))
    return catalogue


def _undo(model: CatalogueModel, change: ModelChange, since: datetime) -> None:
    """Take back a change of later; of those before, the newest one first, the last going says since when."""
    if change.at <= since:
        if change.kind == Kind.DISAPPEARED and model.gone_at is not None and model.gone_at > since:
            model.gone_at = change.at
    elif change.kind == Kind.CHANGED:
        setattr(model, change.field, _value(change.field, change.before))
    elif change.kind == Kind.DISAPPEARED:
        model.gone_at = None
    elif change.kind == Kind.RETURNED:
        model.gone_at = since


def _value(name: str, text: str) -> str | int | date | None:
    """A figure by the text of a change."""
    if name in ("owned_by", "description"):
        return text
    if not text:
        return None
    return date.fromisoformat(text) if name == "retires_on" else int(text)


def _write(team: Team, found: Catalogue, since: datetime | None) -> None:
    """Let the rows be those that were found; models and changes that no kept answer tells of stay."""
    stored = {(model.base_url, model.name): model for model in CatalogueModel.objects.filter(team=team)}
    for place, model in found.models.items():
        row = stored.get(place)
        if row is not None:
            model.pk, model.typed_retires_on = row.pk, row.typed_retires_on
        model.save()
    later = {"at__gt": since} if since else {}
    told = ModelChange.objects.filter(model__in=[model.pk for model in found.models.values()], by="", **later)
    told.exclude(field="typed_retires_on").delete()
    ModelChange.objects.bulk_create(found.changes)
    offers = [*found.ended, *(offer for some in found.offers.values() for offer in some)]
    begun = {"since__gt": since} if since else {}
    ModelOffer.objects.filter(key__in=found.offers.keys(), **begun).delete()
    old, new = [offer for offer in offers if offer.pk], [offer for offer in offers if not offer.pk]
    bulk.update(ModelOffer, old, ["until", "last_seen_at", "told"])
    ModelOffer.objects.bulk_create(new)
    keep_newest_changes(team, {base_url for base_url, _ in found.models})
    keep_newest_offers(Key.objects.filter(pk__in=list(found.offers)).only("pk"))

"""Fold the answers of `/models` that were kept into the catalogue that they tell. Pure: no row is saved.

Between two kept answers of a key nothing changed by it, and it was asked so often that no model of its list
can have been gone meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rax import Model
from usage.catalogue.steps import Heard, take_list, take_list_of_key, within_room
from usage.models import CatalogueModel, ModelChange, ModelListing, ModelOffer

type Listed = Mapping[str, Model]


@dataclass(slots=True)
class Catalogue:
    """What a team is offered: models by address and name, the open offers of each key, and what came of all
    answers that were folded: `changes`, and `ended` offers.
    """

    team_id: int
    models: dict[tuple[str, str], CatalogueModel] = field(default_factory=dict)
    offers: dict[UUID, list[ModelOffer]] = field(default_factory=dict)
    changes: list[ModelChange] = field(default_factory=list)
    ended: list[ModelOffer] = field(default_factory=list)
    _going_on: dict[UUID, tuple[ModelListing, Listed]] = field(default_factory=dict)

    def take(self, listing: ModelListing, listed: Listed) -> None:
        """Take the next answer, in the order in which they came."""
        self.see(listing.since)
        known = {name for address, name in self.models if address == listing.base_url}
        listed = within_room(listed, known, len(known))
        self._take_models(listing, listed)
        self._take_offers(listing, listed)
        self._going_on[listing.key_id] = listing, listed

    def see(self, until: datetime | None = None) -> None:
        """Let what was listed go on until then, or until each list was answered last."""
        for key, (listing, listed) in self._going_on.items():
            at = min(listing.last_at, until) if until else listing.last_at
            for name in listed:
                model = self.models[listing.base_url, name]
                model.last_seen_at = max(model.last_seen_at, at)
            for offer in self.offers.get(key, ()):
                if offer.model.base_url == listing.base_url and offer.model.name in listed:
                    offer.last_seen_at = max(offer.last_seen_at, at)

    def remember(self, listing: ModelListing, listed: Listed) -> None:
        """Take an answer for one that the catalogue had taken before."""
        self._going_on[listing.key_id] = (
            listing,
            {name: model for name, model in listed.items() if (listing.base_url, name) in self.models},
        )

    def _take_models(self, listing: ModelListing, listed: Listed) -> None:
        base_url, now = listing.base_url, listing.since
        known = {name: model for (url, name), model in self.models.items() if url == base_url}
        heard = self._heard(listing, {name for name in listed if name in known})
        for name in listed.keys() - known.keys():
            known[name] = CatalogueModel(team_id=self.team_id, base_url=base_url, name=name)
            self.models[base_url, name] = known[name]
        self.changes += take_list(known, listed, heard, now).changes
        for name in listed:
            known[name].last_seen_at = max(known[name].last_seen_at, now)

    def _heard(self, listing: ModelListing, names: set[str]) -> Heard:
        told, others = {}, set()
        for key, offers in self.offers.items():
            for offer in offers:
                if offer.model.base_url == listing.base_url and offer.model.name in names:
                    if key == listing.key_id:
                        told[offer.model.name] = offer.told
                    else:
                        others.add(offer.model.name)
        return Heard(told, frozenset(others - told.keys()))

    def _take_offers(self, listing: ModelListing, listed: Listed) -> None:
        key, now = listing.key_id, listing.since
        moved = take_list_of_key(self.offers.get(key, []), listing.base_url, listed, now)
        for offer in moved.seen:
            offer.last_seen_at = now
        self.ended += moved.ended
        new = [
            ModelOffer(
                key_id=key,
                model=self.models[listing.base_url, name],
                since=now,
                last_seen_at=now,
                told=dict(told),
            )
            for name, told in moved.new.items()
        ]
        self.offers[key] = [offer for offer in self.offers.get(key, []) if offer.until is None] + new


def fold(catalogue: Catalogue, answers: Iterable[tuple[ModelListing, Listed]]) -> Catalogue:
    """Take answers into a catalogue, in the order in which they came."""
    for listing, listed in answers:
        catalogue.take(listing, listed)
    catalogue.see()
    return catalogue

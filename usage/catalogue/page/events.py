"""What happened to the models, newest first: what each answer told anew, and which keys no longer see one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.utils.text import capfirst

from usage.catalogue.words import changed_figure
from usage.models import CatalogueModel, ModelChange, ModelOffer

MOST = 100
MOST_NAMES = 3
Kind = ModelChange.Kind
# A model that goes for all keys goes for each of them at about the same time.
SAME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a model: a change of its own, or some `keys` see it no more."""

    at: datetime
    model: CatalogueModel
    change: ModelChange | None = None
    keys: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """The keys that are named."""
        return self.keys[:MOST_NAMES]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.keys[MOST_NAMES:])

    @property
    def words(self) -> str:
        """What the change of the model was."""
        if self.change is None:
            return ""
        is_figure = self.change.kind == Kind.CHANGED
        return capfirst(changed_figure(self.change)) if is_figure else str(self.change.get_kind_display())


def events(changes: Iterable[ModelChange], ended: Iterable[ModelOffer]) -> list[Event]:
    """All that happened, newest first."""
    changes = list(changes)
    found = [Event(change.at, change.model, change) for change in changes]
    found += _unseen(ended, [change for change in changes if change.kind == Kind.DISAPPEARED])
    return sorted(found, key=attrgetter("at"), reverse=True)[:MOST]


def _unseen(ended: Iterable[ModelOffer], gone: Sequence[ModelChange]) -> Iterator[Event]:
    """The ends of offers to single keys, those of one model on one day together."""
    went = [(change.model_id, change.at) for change in gone]
    alone = [
        offer
        for offer in ended
        if offer.until
        and not any(model == offer.model_id and abs(at - offer.until) <= SAME for model, at in went)
    ]
    alone.sort(key=lambda offer: (_day(offer), offer.model_id, offer.key.name))
    for _, some in groupby(alone, key=lambda offer: (_day(offer), offer.model_id)):
        group = list(some)
        at = max(offer.until for offer in group if offer.until)
        yield Event(at, group[0].model, keys=[offer.key.name for offer in group])


def _day(offer: ModelOffer) -> object:
    return offer.until.date() if offer.until else None

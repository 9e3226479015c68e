"""One answer of `/models` as a step of a team's catalogue. Pure: rows are changed, and none is saved."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from rax import Model
from usage.catalogue.figures import FIGURES, Told, changed, told_of
from usage.models import CatalogueModel, ModelChange, ModelOffer, catalogue

# Keys of one address may be offered different models: one is gone when no key saw it for so long.
GONE_AFTER = timedelta(hours=3)

type Figure = str | int | date | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a key was told of models before, by name, and which of the others only other keys were told of."""

    told: Mapping[str, Told | None] = field(default_factory=dict)
    of_others: frozenset[str] = frozenset()

    def news(self, offered: Model) -> set[str]:
        """Return the names of the figures of which this answer may be news."""
        if told := self.told.get(offered.id):
            return changed(told, told_of(offered))
        return set() if offered.id in self.of_others else set(FIGURES)


def within_room(listed: Mapping[str, Model], known: Container[str], count: int) -> Mapping[str, Model]:
    """What is taken of a list: what is known, and of others the first for which there is room beside the
    `count` that are kept of the address.
    """
    new = [name for name in listed if name not in known]
    left_out = set(new[max(catalogue.MOST_MODELS - count, 0) :])
    return {name: model for name, model in listed.items() if name not in left_out}


@dataclass(slots=True)
class Moved:
    """What an answer changed: rows of models that are other ones now, and what is to be noted of them."""

    models: list[CatalogueModel] = field(default_factory=list)
    changes: list[ModelChange] = field(default_factory=list)


def take_list(
    known: Mapping[str, CatalogueModel], listed: Mapping[str, Model], heard: Heard, now: datetime
) -> Moved:
    """Bring the models of an address, by name, up to an answer; one for each that is listed is among them.

    When models that did not change were last seen is left to whoever keeps them.
    """
    moved = Moved()
    for name, offered in listed.items():
        model = known[name]
        if changes := _meet(model, offered, heard.news(offered), now):
            moved.models.append(model)
            moved.changes += changes
    for model in known.values():
        if model.name not in listed and model.gone_at is None and model.last_seen_at <= now - GONE_AFTER:
            model.gone_at = now
            moved.models.append(model)
            moved.changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.DISAPPEARED))
    return moved


def _meet(model: CatalogueModel, offered: Model, news: set[str], now: datetime) -> list[ModelChange]:
    """Bring one row up to what is offered now."""
    changes, is_new = [], model.first_seen_at is None
    if is_new:
        model.first_seen_at, news = now, set(FIGURES)
        changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.APPEARED))
    elif model.gone_at is not None and model.gone_at < now:
        changes.append(ModelChange(model=model, at=now, kind=ModelChange.Kind.RETURNED))
    for name in sorted(news, key=FIGURES.index):
        before, after = getattr(model, name), getattr(offered, name)
        if isinstance(before, str):
            after = after or ""
        if not is_new and before != after:
            changes.append(_change(model, now, name, before, after))
        setattr(model, name, after)
    if changes:
        model.last_seen_at = max(model.last_seen_at or now, now)
        # An answer of before it was gone, which comes late, does not bring it back.
        model.gone_at = model.gone_at if model.gone_at and model.gone_at >= now else None
    return changes


def _change(model: CatalogueModel, now: datetime, name: str, before: Figure, after: Figure) -> ModelChange:
    texts = {"before": _text(before), "after": _text(after)}
    return ModelChange(model=model, at=now, kind=ModelChange.Kind.CHANGED, field=name, **texts)


def _text(value: Figure) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class MovedOffers:
    """What an answer says of a key's open offers: which go on, which of them are told otherwise, which ended,
    and which models, with what is told of them, are offered anew.
    """

    seen: Sequence[ModelOffer]
    another: Sequence[ModelOffer]
    ended: Sequence[ModelOffer]
    new: Mapping[str, Told]


def take_list_of_key(
    opened: Iterable[ModelOffer], base_url: str, listed: Mapping[str, Model], now: datetime
) -> MovedOffers:
    """Bring the open offers of a key up to an answer from an address.

    A model ends for a key with the patience that the catalogue has, and at the time it was last offered.
    """
    told = {name: told_of(model) for name, model in listed.items()}
    seen, another, ended = [], [], []
    for offer in opened:
        now_told = told.get(offer.model.name) if offer.model.base_url == base_url else None
        if now_told is not None:
            seen.append(offer)
            if offer.told != now_told:
                offer.told = dict(now_told)
                another.append(offer)
        elif offer.last_seen_at <= now - GONE_AFTER:
            offer.until = offer.last_seen_at
            ended.append(offer)
    names = {offer.model.name for offer in seen}
    new = {name: figures for name, figures in told.items() if name not in names}
    return MovedOffers(seen, another, ended, new)

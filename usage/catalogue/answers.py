"""Take what a key was answered to `/models`: into the catalogue, to the key's offers, and keep it raw.

An answer is kept where it says something else than the last one of its key, where the catalogue changed by
it, and after a gap: from these alone the catalogue can be made again (usage/catalogue/rebuild.py).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction

from rax import Model, ModelList, read_model_list
from teams.models import Key, Team
from usage.books.answers.bodies import take_room
from usage.catalogue.changes import take_models
from usage.catalogue.offers import take_offers
from usage.catalogue.steps import GONE_AFTER
from usage.models import Meter, ModelChange, ModelListing, ModelOffer, PollBody


@transaction.atomic
def take_answer(
    team: Team, key: Key, models: Sequence[Model] | ModelList, now: datetime
) -> list[ModelChange]:
    """Take one answer that a key of a team was given; return what changed."""
    last = ModelListing.objects.filter(key=key).order_by("-pk").first()
    is_first = last is None and not ModelOffer.objects.filter(key=key).exists()
    changes = take_models(team, key.base_url, models, now, key)
    has_moved = take_offers(key, models, now) or bool(changes)
    read = as_read(models)
    digest = sha256(read.encode()).hexdigest()
    if last is None or has_moved or not _goes_on(last, key, digest, now):
        body = _body(team, key, _received(models, read) or _Text(read, digest, len(read.encode()), True), now)
        ModelListing.objects.create(
            key=key,
            base_url=key.base_url,
            digest=digest,
            body=body,
            since=now,
            last_at=now,
            is_first=is_first,
        )
    else:
        ModelListing.objects.filter(pk=last.pk, last_at__lt=now).update(last_at=now)
    return changes


def _goes_on(last: ModelListing, key: Key, digest: str, now: datetime) -> bool:
    """Tell whether an answer is the last one once more, before a model of it could have been gone."""
    is_same = (last.digest, last.base_url) == (digest, key.base_url)
    return is_same and now - last.last_at < GONE_AFTER


class _Text(NamedTuple):
    """What is kept of an answer: all of it, or, where it `is_cut`, what was read of it."""

    text: str
    hash: str
    size: int
    is_cut: bool


def _received(models: Sequence[Model] | ModelList, read: str) -> _Text | None:
    """The answer as it came; None where that is not at hand, or would not be read again as it was."""
    answer = models.answer if isinstance(models, ModelList) else None
    if answer is None or answer.is_cut:
        return None
    try:
        is_whole = as_read(read_model_list(answer.text.encode())) == read
    except ValueError:
        return None
    size = len(answer.body)
    return _Text(answer.text, sha256(answer.body).hexdigest(), size, False) if is_whole else None


def _body(team: Team, key: Key, found: _Text, now: datetime) -> PollBody | None:
    """The body of an answer, which a team has once; None past the bound of what one meter may bring a day."""
    kept = PollBody.objects.filter(team=team, hash=found.hash).first()
    if kept is not None:
        return kept
    meter = Meter.objects.filter(key=key).first()
    if meter is not None:
        if not take_room(meter, found.size, now):
            return None
        meter.save(update_fields=["bodies_on", "body_bytes"])
    return PollBody.objects.create(team=team, first_seen_at=now, **found._asdict())


def as_read(models: Iterable[Model]) -> str:
    """What is taken of a list, as a list that reads the same."""
    listed = [
        {
            "id": model.id,
            "owned_by": model.owned_by,
            "description": model.description,
            "context_window": model.context_window,
            "max_tokens": model.max_tokens,
            "shutdown_date": model.retires_on.isoformat() if model.retires_on else None,
        }
        for model in models
    ]
    return json.dumps({"data": listed}, ensure_ascii=False)

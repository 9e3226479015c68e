"""Move stored secrets to the first of ENCRYPTION_KEYS, in small batches, beside running processes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.conf import settings
from django.db import transaction

from teams.encryption import SealBroken
from teams.models import Key

BATCH = 100


@dataclass(slots=True)
class Rotated:
    """How many secrets were sealed anew, were sealed so already, or do not open."""

    resealed: int = 0
    current: int = 0
    lost: int = 0


def rotate() -> Rotated:
    """Seal every secret with the first key and count what came of it. Repeating it does what is left."""
    first = next(iter(settings.ENCRYPTION_KEYS))
    sealed = Key.objects.exclude(ciphertext=b"")
    count = Rotated(current=sealed.filter(encryption_key_id=first).count())
    for ids in batched(older(first), BATCH, strict=False):
        with transaction.atomic():
            for key in sealed.filter(pk__in=ids).exclude(encryption_key_id=first):
                reseal(key, count)
    return count


def older(first: str) -> Iterator[UUID]:
    """Return the ids of the keys that another encryption key sealed."""
    found = Key.objects.exclude(ciphertext=b"").exclude(encryption_key_id=first)
    return iter(list(found.order_by("pk").values_list("pk", flat=True)))


def reseal(key: Key, count: Rotated) -> None:
    """Seal one secret anew, unless somebody replaced it meanwhile."""
    before, set_at = key.ciphertext, key.secret_set_at
    try:
        secret = key.reveal_secret()
    except SealBroken:
        count.lost += 1
        return
    key.set_secret(secret)
    # Conditional on the old ciphertext: a secret that was replaced a moment ago is not overwritten.
    count.resealed += Key.objects.filter(pk=key.pk, ciphertext=before).update(
        ciphertext=key.ciphertext, encryption_key_id=key.encryption_key_id, secret_set_at=set_at
    )

"""Whether the secrets of a copy open with the encryption keys that there are."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from teams.encryption import SealBroken, Sealed, unseal
from teams.models import Key

SECRETS = "SELECT id, base_url, encryption_key_id, ciphertext FROM teams_key WHERE length(ciphertext) > 0"

type Rows = Iterable[tuple[Any, ...]]
type Check = Callable[[Rows], None]


def lost(rows: Rows) -> dict[str, int]:
    """Return how many secrets do not open, by the id of the encryption key that sealed them.

    `rows` are those that `SECRETS` selects, of either database.
    """
    counts: dict[str, int] = {}
    for key, base_url, key_id, ciphertext in rows:
        row = Key(pk=uuid.UUID(str(key)), base_url=base_url).seal_row
        try:
            unseal(Sealed(key_id, bytes(ciphertext)), row=row)
        except SealBroken:
            counts[key_id] = counts.get(key_id, 0) + 1
    return counts


def sentence(counts: dict[str, int]) -> str:
    """Say which encryption keys are missing or are not those of before."""
    which = ", ".join(f"{count} sealed with {key_id!r}" for key_id, count in sorted(counts.items()))
    return f"ENCRYPTION_KEYS does not fit: it cannot open all stored secrets ({which})"

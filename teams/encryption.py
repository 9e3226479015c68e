"""Seal secrets with AES-256-GCM, bound to the row that holds them (NIST SP 800-38D).

The row's identity is the associated data: a ciphertext copied to another row does not open.
"""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class SealBroken(Exception):
    """The ciphertext is not this row's, was changed, or its encryption key is not known here."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext (nonce first) and the id of the key in `ENCRYPTION_KEYS` that made it."""

    key_id: str
    ciphertext: bytes


def seal(text: str, *, row: str) -> Sealed:
    """Encrypt `text` for the row named `row` with the first of `ENCRYPTION_KEYS`."""
    key_id, key = next(iter(settings.ENCRYPTION_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    return Sealed(key_id, nonce + AESGCM(key).encrypt(nonce, text.encode(), row.encode()))


def unseal(sealed: Sealed, *, row: str) -> str:
    """Return the text that was sealed for `row`; raise `SealBroken` where that is impossible."""
    key = settings.ENCRYPTION_KEYS.get(sealed.key_id)
    if key is None:
        raise SealBroken(f"the encryption key {sealed.key_id!r} is not among ENCRYPTION_KEYS")
    nonce, body = sealed.ciphertext[:NONCE_BYTES], sealed.ciphertext[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, body, row.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the secret does not belong to this row") from error

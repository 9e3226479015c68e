"""A sealed secret opens for its own row, and for no other."""

from typing import Any

import pytest
from django.test import override_settings

from teams import encryption
from teams.models import Key
from tests.cast import Cast, make_key

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


def test_it_opens_what_it_sealed() -> None:
    assert encryption.unseal(encryption.seal("rax_secret", row="key:1"), row="key:1") == "rax_secret"


def test_it_never_seals_twice_the_same_way() -> None:
    assert encryption.seal("rax_secret", row="key:1") != encryption.seal("rax_secret", row="key:1")


def test_it_refuses_the_ciphertext_of_another_row() -> None:
    with pytest.raises(encryption.SealBroken):
        encryption.unseal(encryption.seal("rax_secret", row="key:1"), row="key:2")


def test_it_refuses_a_changed_ciphertext() -> None:
    sealed = encryption.seal("rax_secret", row="key:1")
    changed = sealed.ciphertext[:-1] + bytes([sealed.ciphertext[-1] ^ 1])
    with pytest.raises(encryption.SealBroken):
        encryption.unseal(encryption.Sealed(sealed.key_id, changed), row="key:1")


def test_it_opens_with_an_older_key() -> None:
    with override_settings(ENCRYPTION_KEYS={"old": OLD}):
        sealed = encryption.seal("rax_secret", row="key:1")
    with override_settings(ENCRYPTION_KEYS={"new": NEW, "old": OLD}):
        assert encryption.unseal(sealed, row="key:1") == "rax_secret"
        assert encryption.seal("rax_secret", row="key:1").key_id == "new"


def test_it_says_when_the_key_is_gone() -> None:
    with override_settings(ENCRYPTION_KEYS={"old": OLD}):
        sealed = encryption.seal("rax_secret", row="key:1")
    with override_settings(ENCRYPTION_KEYS={"new": NEW}), pytest.raises(encryption.SealBroken):
        encryption.unseal(sealed, row="key:1")


def test_a_key_holds_no_secret_in_clear(cast: Cast) -> None:
    saved: dict[str, Any] = {**Key.objects.values().get(pk=cast.key.pk)}
    assert b"rax_demo_pro" not in bytes(saved.pop("ciphertext"))
    assert "rax_demo_pro" not in str(saved)
    assert Key.objects.get(pk=cast.key.pk).reveal_secret() == "rax_demo_pro"


def test_a_ciphertext_copied_to_another_key_does_not_open(cast: Cast) -> None:
    other = make_key(cast.team, cast.alice, "Other")
    other.ciphertext = cast.key.ciphertext
    with pytest.raises(encryption.SealBroken):
        other.reveal_secret()


def test_a_secret_does_not_travel_to_another_address(cast: Cast) -> None:
    cast.key.base_url = "https://evil.example.com/v1"
    with pytest.raises(encryption.SealBroken):
        cast.key.reveal_secret()


def test_retiring_a_key_erases_its_secret(cast: Cast) -> None:
    cast.key.retire()
    saved = Key.objects.get(pk=cast.key.pk)
    assert bytes(saved.ciphertext) == b""


@pytest.mark.parametrize(("secret", "hint"), [("rax_demo_pro", "_pro"), ("rax_short", "")])
def test_a_hint_never_tells_much_of_a_secret(cast: Cast, secret: str, hint: str) -> None:
    cast.key.set_secret(secret)
    assert cast.key.hint == hint

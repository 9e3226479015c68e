"""Encryption keys are rotated: add one in front, seal anew, take the old one out."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from teams.keys import rotation
from teams.models import Key
from tests.cast import Cast, make_key

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BOTH = {"new": NEW, "old": OLD}


@pytest.fixture
def sealed_by_old(cast: Cast) -> list[Key]:
    """Three keys sealed with the old key, and one that is retired."""
    Key.objects.all().delete()
    with override_settings(ENCRYPTION_KEYS={"old": OLD}):
        keys = [make_key(cast.team, cast.alice, f"Key {number}", f"rax_{number}") for number in range(3)]
        make_key(cast.team, cast.alice, "Retired").retire()
    return keys


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


@override_settings(ENCRYPTION_KEYS=BOTH)
def test_it_seals_anew_with_the_first_key(sealed_by_old: list[Key], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    assert rotate() == "3 sealed anew, 0 were already.\n"
    with override_settings(ENCRYPTION_KEYS={"new": NEW}):
        secrets = {Key.objects.get(pk=key.pk).reveal_secret() for key in sealed_by_old}
    assert secrets == {"rax_0", "rax_1", "rax_2"}
    set_at = dict(Key.objects.values_list("pk", "secret_set_at"))
    assert all(set_at[key.pk] == key.secret_set_at for key in sealed_by_old)


@override_settings(ENCRYPTION_KEYS=BOTH)
def test_repeating_it_changes_nothing(sealed_by_old: list[Key]) -> None:
    rotate()
    before = list(Key.objects.order_by("pk").values_list("ciphertext", "secret_set_at"))
    assert rotate() == "0 sealed anew, 3 were already.\n"
    assert list(Key.objects.order_by("pk").values_list("ciphertext", "secret_set_at")) == before


@override_settings(ENCRYPTION_KEYS=BOTH)
def test_it_leaves_alone_what_was_replaced_meanwhile(sealed_by_old: list[Key]) -> None:
    read_before = Key.objects.get(pk=sealed_by_old[0].pk)
    sealed_by_old[0].set_secret("rax_replaced")
    sealed_by_old[0].save()
    count = rotation.Rotated()
    rotation.reseal(read_before, count)
    assert (count.resealed, Key.objects.get(pk=read_before.pk).reveal_secret()) == (0, "rax_replaced")


@override_settings(ENCRYPTION_KEYS={"new": NEW})
def test_it_names_what_no_longer_opens_and_goes_on(cast: Cast, sealed_by_old: list[Key]) -> None:
    make_key(cast.team, cast.alice, "Newest")
    with pytest.raises(CommandError, match="3 do not open with any of ENCRYPTION_KEYS"):
        rotate()

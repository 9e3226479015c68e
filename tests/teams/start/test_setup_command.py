"""`manage.py setup`: what `/setup/` does, from a shell, as often as one likes."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from teams.models import Key, Membership, Plan, Role, Team, User
from tests.cast import PASSWORD
from tests.installation import Installation
from tests.installed import prepare

pytestmark = pytest.mark.django_db
UNKNOWN_KEY = "The provider does not know this key. Copy it again, whole."
PEOPLE = {"email": "alice@example.com", "team": "Acme"}
# As Python hands on bytes of a command line that are no text.
TEXTS = {"team": "team", "key_name": "key-name", "password": "password", "key": "key", "email": "email"}
GIVEN = PEOPLE | {"password": PASSWORD, "key": "rax_demo_pro", "plan": "pro"}


def set_up(provider: str, **options: object) -> str:
    out = io.StringIO()
    call_command("setup", stdout=out, **(GIVEN | {"base_url": provider} | options))
    return out.getvalue()


def test_it_makes_owner_team_and_key_and_says_so(provider: str) -> None:
    said = set_up(provider)
    assert said.startswith("alice@example.com owns Acme (/t/acme/) with the key Main key, which may use rax-")
    assert Membership.objects.get().role == Role.OWNER
    assert Key.objects.get().reveal_secret() == "rax_demo_pro"


def test_names_are_taken_as_the_page_takes_them(provider: str) -> None:
    assert "owns Acme (/t/acme/) with the key New key," in set_up(
        provider, team=" Acme\n", key_name="New\x1bkey"
    )


def test_repeating_it_changes_only_what_differs(provider: str) -> None:
    set_up(provider)
    before = User.objects.get().password, Team.objects.get().pk, Key.objects.get().pk
    set_up(provider, key="rax_demo_free", plan="free")
    assert (User.objects.get().password, Team.objects.get().pk, Key.objects.get().pk) == before
    key = Key.objects.get()
    assert (key.reveal_secret(), key.plan) == ("rax_demo_free", Plan.FREE)


def test_the_same_secret_again_is_no_new_one(provider: str) -> None:
    set_up(provider)
    since = Key.objects.get().secret_set_at
    set_up(provider)
    assert Key.objects.get().secret_set_at == since
    set_up(provider, key="rax_demo_free")
    assert Key.objects.get().secret_set_at != since


def test_it_gives_a_second_team_another_slug(provider: str) -> None:
    Team.objects.create(name="Acme", slug="acme")
    assert "(/t/acme-2/)" in set_up(provider)


def test_it_reads_secrets_from_standard_input(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\nrax_demo_free\n"))
    call_command(
        "setup", password_stdin=True, key_stdin=True, base_url=provider, stdout=io.StringIO(), **PEOPLE
    )
    assert User.objects.get().check_password(PASSWORD)
    assert Key.objects.get().reveal_secret() == "rax_demo_free"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"key": "rax_wrong"}, f"--key: {UNKNOWN_KEY}"),
        ({"base_url": "nowhere"}, "--base-url: Write an address such as https://ai.raxcore.dev/api/v1."),
        ({"email": "nobody"}, "--email: Enter a valid email address."),
        ({"team": " \u200b\x01 "}, "--team: This field is required."),
        ({"key_name": "k" * 81}, "--key-name: Ensure this value has at most 80 characters (it has 81)."),
        *(({name: "a\udcff"}, f"--{flag}: It is not UTF-8.") for name, flag in TEXTS.items()),
        ({"time_zone": "Mars"}, "--time-zone: Mars is not a time zone. Write one such as Europe/Berlin."),
    ],
)
def test_it_names_what_is_wrong_and_saves_nothing(provider: str, options: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError) as refusal:
        set_up(provider, **options)
    assert str(refusal.value) == words
    assert not User.objects.exists()


def test_it_refuses_a_weak_password(provider: str) -> None:
    with pytest.raises(CommandError, match=r"^--password: This password is too short"):
        set_up(provider, password="short")


def test_in_a_shell_a_wrong_key_is_one_line_and_exit_code_one(simulator: Installation) -> None:
    prepare(simulator)
    command = ["setup", "--email", "a@example.com", "--password-stdin", "--team", "Acme", "--key-stdin"]
    result = simulator.try_manage(*command, stdin=f"{PASSWORD}\nrax_wrong\n")
    assert (result.returncode, result.stdout) == (1, "")
    assert (
        result.stderr == "CommandError: --key: The provider does not know this key. Copy it again, whole.\n"
    )
    assert simulator.rows("SELECT count(*) FROM teams_user") == [(0,)]


def test_it_sends_no_key_over_plain_http_to_the_public_internet() -> None:
    with pytest.raises(CommandError, match=r"--base-url: .* Begin it with https://"):
        set_up("http://93.184.216.34/api/v1")
    assert not Key.objects.exists()

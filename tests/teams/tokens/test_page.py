"""A token is made on a page, shown once, and revoked there; no other team's is seen or touched."""

import re

import pytest

from teams.models import AuditEntry, TeamToken
from teams.models.tokens import TOKEN
from teams.tokens import deeds
from tests.cast import Cast
from tests.directions import without_directions
from tests.said import asks, let_pass, say, sign_in_alice
from tests.teams.tokens.made import make_token

PAGE, MAKE = "/t/acme/tokens/", "/t/acme/tokens/make/"
FORM = {"name": "Monday", "days": "30", "scopes": ["usage:read", "me:read"]}


@pytest.fixture
def shown(cast: Cast) -> str:
    """A token as the page showed it to Alice, once."""
    return re.search(r'value="(rxd_[^"]+)"', sign_in_alice(cast).post(MAKE, FORM).text)[1]


def test_it_is_shown_once_and_only_its_hash_is_kept(cast: Cast, shown: str) -> None:
    assert TOKEN.fullmatch(shown)
    assert shown not in str(TeamToken.objects.values().get())
    page = cast.client("alice").get(PAGE).text
    assert shown not in page
    assert f"{shown[:12]}…" in page
    assert "Usage; What its maker uses" in page


def test_making_and_revoking_are_in_the_audit_trail_without_the_token(cast: Cast, shown: str) -> None:
    made = TeamToken.objects.get()
    cast.client("adam").post(f"{PAGE}{made.pk}/revoke/")
    revoked, entry = AuditEntry.objects.for_team(cast.team)[:2]
    assert (entry.deed, entry.actor_name, entry.object_label) == (
        "token.made",
        "Alice",
        f"Monday ({shown[:12]}…)",
    )
    assert (revoked.deed, revoked.actor_name) == ("token.revoked", "Adam")
    assert shown not in str(list(AuditEntry.objects.values()))
    assert cast.client("alice").get("/t/acme/audit/").text.count("Monday") == 2


def test_whoever_signed_in_long_ago_says_the_password_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = sign_in_alice(cast)
    let_pass(monkeypatch)
    answer = alice.post(MAKE, FORM)
    assert asks(answer)
    assert not TeamToken.objects.exists()
    assert "Copy this token now" in say(alice, answer).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"scopes": []}, "Choose what it may read."),
        ({"scopes": ["usage:write"]}, "is not one of the available choices"),
        ({"days": "36500"}, "is not one of the available choices"),
    ],
)
def test_a_wrong_form_says_what_is_wrong(cast: Cast, changed: dict[str, str], words: str) -> None:
    answer = sign_in_alice(cast).post(MAKE, FORM | changed)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert not TeamToken.objects.exists()


def test_there_are_so_many_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "MOST_LIVE", 1)
    made, _ = make_token(cast.team, cast.bob)
    alice = sign_in_alice(cast)
    assert "A team has at most 1 tokens at once." in alice.post(MAKE, FORM).text
    made.revoke(cast.alice)
    assert "Copy this token now" in alice.post(MAKE, FORM).text


def test_members_see_their_own_and_admins_all(cast: Cast) -> None:
    mine, _ = make_token(cast.team, cast.bob, name="Bob's script")
    other, _ = make_token(cast.team, cast.alice, name="Alice's script")
    bob, adam = cast.client("bob"), cast.client("adam")
    assert [name in without_directions(bob.get(PAGE).text) for name in ("Bob&#x27;s", "Alice&#x27;s")] == [
        True,
        False,
    ]
    assert "Alice&#x27;s" in adam.get(PAGE).text
    assert bob.post(f"{PAGE}{other.pk}/revoke/").status_code == 404
    assert bob.post(f"{PAGE}{mine.pk}/revoke/").status_code == 302
    assert {row.name for row in TeamToken.objects.live()} == {"Alice's script"}


def test_another_team_s_is_not_there(cast: Cast) -> None:
    other, _ = make_token(cast.other_team, cast.charlie, name="Charlie's")
    alice = cast.client("alice")
    assert "Charlie" not in alice.get(PAGE).text
    assert alice.get(f"{PAGE}{other.pk}/revoke/").status_code == 404
    assert alice.post(f"{PAGE}{other.pk}/revoke/").status_code == 404
    assert TeamToken.objects.live().count() == 1


def test_revoking_twice_is_told_once(cast: Cast) -> None:
    made, _ = make_token(cast.team, cast.alice)
    for _ in range(2):
        cast.client("alice").post(f"{PAGE}{made.pk}/revoke/")
    assert AuditEntry.objects.filter(deed="token.revoked").count() == 1


def test_they_are_found_by_name_and_beginning(cast: Cast) -> None:
    one, _ = make_token(cast.team, cast.alice, name="Grafana")
    make_token(cast.team, cast.alice, name="Excel")
    alice = cast.client("alice")
    for words in ("graf", one.prefix[4:10]):
        page = alice.get(PAGE, {"q": words}).text
        assert ("Grafana" in page, "Excel" in page) == (True, False)
    assert "No token found" in alice.get(PAGE, {"q": "nothing"}).text

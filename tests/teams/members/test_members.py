"""Members change roles, are removed and leave, at once; the last owner stays."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from teams import signals
from teams.changes import Refused
from teams.members import deeds as members
from teams.models import AuditEntry, Key, Membership, Role, User
from teams.permissions import Access
from teams.team import life
from tests.cast import Cast, make_key

MEMBERS = "/t/acme/members/"


def place(cast: Cast, person: User) -> Membership:
    return Membership.objects.get(team=cast.team, user=person)


def access(cast: Cast, person: User) -> Access:
    return Access(cast.team, place(cast, person))


def give(cast: Cast, actor: str, person: User, role: str):
    address = reverse("teams:change_role", args=["acme", place(cast, person).pk])
    return cast.client(actor).post(address, {"role": role}, follow=True)


def remove(cast: Cast, actor: str, person: User):
    address = reverse("teams:remove_member", args=["acme", place(cast, person).pk])
    return cast.client(actor).post(address, follow=True)


def test_everybody_sees_who_belongs(cast: Cast) -> None:
    page = cast.client("vera").get(MEMBERS).text
    for name in ("Alice", "Adam", "Bob", "Vera"):
        assert name in page
    assert "Charlie" not in page
    assert "Invite somebody" not in page


def test_an_admin_gives_a_role_which_counts_at_once(cast: Cast) -> None:
    bob = cast.client("bob")
    assert bob.get("/t/acme/settings/").status_code == 403
    assert "Bob is now admin." in give(cast, "adam", cast.bob, "admin").text
    assert bob.get("/t/acme/settings/").status_code == 200
    give(cast, "adam", cast.bob, "viewer")
    assert bob.get("/t/acme/settings/").status_code == 403


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_admins_do_not_touch_owners(cast: Cast, role: str) -> None:
    person = cast.bob if role == "owner" else cast.alice
    assert give(cast, "adam", person, role).status_code == 403
    assert remove(cast, "adam", cast.alice).status_code == 403
    assert place(cast, cast.alice).role == Role.OWNER


def test_owners_make_owners(cast: Cast) -> None:
    give(cast, "alice", cast.bob, "owner")
    assert place(cast, cast.bob).role == Role.OWNER
    assert "Alice is now member." in give(cast, "bob", cast.alice, "member").text


def test_the_last_owner_stays_owner(cast: Cast) -> None:
    Membership.objects.create(team=cast.other_team, user=cast.alice, role=Role.OWNER)
    assert members.LAST_OWNER in give(cast, "alice", cast.alice, "member").text
    assert members.LAST_OWNER in cast.client("alice").post(f"{MEMBERS}leave/", follow=True).text
    assert place(cast, cast.alice).role == Role.OWNER


@pytest.mark.parametrize("role", ["", "king"])
def test_an_unknown_role_is_said_in_words(cast: Cast, role: str) -> None:
    assert "There is no such role." in give(cast, "alice", cast.bob, role).text


def test_removing_asks_first_and_works_at_once(cast: Cast) -> None:
    bob = cast.client("bob")
    address = reverse("teams:remove_member", args=["acme", place(cast, cast.bob).pk])
    assert "Remove Bob?" in cast.client("adam").get(address).text
    assert bob.get(MEMBERS).status_code == 200
    cast.client("adam").post(address)
    assert bob.get(MEMBERS).status_code == 404


def test_nobody_removes_themselves(cast: Cast) -> None:
    assert "press “Leave the team”" in remove(cast, "adam", cast.adam).text


def test_people_of_another_team_are_not_there(cast: Cast) -> None:
    charlie = Membership.objects.get(user=cast.charlie)
    address = reverse("teams:remove_member", args=["acme", charlie.pk])
    assert cast.client("alice").post(address).status_code == 404


def test_who_leaves_sees_nothing_and_is_told(cast: Cast) -> None:
    client = cast.client("vera")
    assert "Leave Acme?" in client.get(f"{MEMBERS}leave/").text
    assert "You belong to no team" in client.post(f"{MEMBERS}leave/", follow=True).text
    assert client.get(MEMBERS).status_code == 404


def test_a_key_loses_the_owner_and_spender_who_left(cast: Cast) -> None:
    Key.objects.filter(pk=cast.key.pk).update(owner=cast.bob, only_spenders=True)
    cast.key.spenders.add(place(cast, cast.bob))
    elsewhere = make_key(cast.other_team, cast.bob)
    remove(cast, "adam", cast.bob)
    cast.key.refresh_from_db()
    assert (cast.key.owner, cast.key.spenders.count(), cast.key.only_spenders) == (None, 0, True)
    elsewhere.refresh_from_db()
    assert elsewhere.owner == cast.bob


def test_the_apps_above_hear_who_left(cast: Cast) -> None:
    heard: list[User] = []

    def listen(user: User, **_: object) -> None:
        heard.append(user)

    signals.member_left.connect(listen)
    try:
        members.leave(access(cast, cast.bob))
    finally:
        signals.member_left.disconnect(listen)
    assert heard == [cast.bob]


def test_every_change_is_in_the_audit_trail(cast: Cast) -> None:
    give(cast, "alice", cast.bob, "viewer")
    remove(cast, "adam", cast.bob)
    members.leave(access(cast, cast.vera))
    told = [
        (entry.actor_name, entry.words, entry.object_label) for entry in AuditEntry.objects.order_by("pk")
    ]
    assert told == [
        ("Alice", "changed the role of", "Bob"),
        ("Adam", "removed", "Bob"),
        ("Vera", "left the team", "Vera"),
    ]
    assert AuditEntry.objects.first().details == {"role": ["member", "viewer"]}


def test_a_role_lost_since_the_page_was_opened_no_longer_counts(cast: Cast) -> None:
    opened = access(cast, cast.adam)
    Membership.objects.filter(user=cast.adam).update(role=Role.VIEWER)
    with pytest.raises(PermissionDenied):
        members.remove(opened, place(cast, cast.bob).pk)
    with pytest.raises(PermissionDenied, match="has changed"):
        life.change_team(opened, {"name": "Adam's"})


def test_of_two_owners_who_go_at_the_same_moment_one_stays(cast: Cast) -> None:
    Membership.objects.filter(user=cast.bob).update(role=Role.OWNER)
    both_pages_open = access(cast, cast.alice), access(cast, cast.bob)
    members.leave(both_pages_open[0])
    with pytest.raises(Refused, match="needs an owner"):
        members.leave(both_pages_open[1])
    assert Membership.objects.filter(team=cast.team, role=Role.OWNER).count() == 1

"""Of a team of thousands the members are listed a page at a time, and named by their addresses."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from teams.keys.member_fields import LONGEST_MENU, PROPOSED
from teams.members.listing import PER_PAGE
from teams.models import Invitation, Key, Membership, Role, User
from tests.cast import Cast

MEMBERS, NAMES = "/t/acme/members/", "/t/acme/members/names/"
MANY = 5_000
MOST_BYTES = 200_000
SETTINGS = {"name": "Main key", "plan": "pro", "spending": "everyone", "project": "", "labels": ""}


def add_people(cast: Cast, count: int) -> None:
    people = User.objects.bulk_create(
        User(email=f"p{number:04}@example.com", name=f"Person {number:04}", password="!")
        for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(team=cast.team, user=person, role=Role.MEMBER) for person in people
    )


@pytest.fixture
def many(cast: Cast) -> Cast:
    add_people(cast, MANY)
    return cast


def page(key: Key) -> str:
    return reverse("teams:key", args=["acme", key.pk])


def save(cast: Cast, **fields: object):
    return cast.client("adam").post(page(cast.key), SETTINGS | fields)


def place(email: str) -> Membership:
    return Membership.objects.get(user__email=email)


def test_the_list_does_not_grow_with_the_team(
    many: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = many.client("alice")
    with django_assert_max_num_queries(8):
        answer = client.get(MEMBERS)
    assert answer.text.count('<tr id="member-') == PER_PAGE
    assert len(answer.content) < MOST_BYTES
    assert "Page 1 of 101" in answer.text


def test_somebody_is_found_by_a_part_of_their_name_or_address(many: Cast) -> None:
    client = many.client("vera")
    assert client.get(MEMBERS, {"q": "son 4999"}).text.count('<tr id="member-') == 1
    assert client.get(MEMBERS, {"q": "P4999@exa"}).text.count('<tr id="member-') == 1
    assert "Nobody found" in client.get(MEMBERS, {"q": "no such person"}).text


def test_a_small_team_needs_no_search(cast: Cast) -> None:
    assert 'role="search"' not in cast.client("alice").get(MEMBERS).text


def test_the_answer_to_an_invitation_turns_no_pages_of_its_own_address(many: Cast) -> None:
    answer = many.client("alice").post(MEMBERS + "invite/", {"role": "member", "email": "new@example.com"})
    assert "new@example.com" in answer.text
    assert 'rel="next"' not in answer.text
    assert 'role="search"' not in answer.text


def test_open_invitations_are_listed_as_far_as_a_page_goes(cast: Cast) -> None:
    Invitation.objects.bulk_create(
        Invitation(
            team=cast.team, role=Role.MEMBER, email=f"n{number}@example.com", created_by=cast.alice,
            token_hash=str(number),
        )
        for number in range(1_000)
    )  # fmt: skip
    answer = cast.client("alice").get(MEMBERS)
    assert answer.text.count("Withdraw") == 100
    assert len(answer.content) < MOST_BYTES


def test_a_keys_page_does_not_grow_with_the_team(
    many: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = many.client("adam")
    with django_assert_max_num_queries(18):
        answer = client.get(page(many.key))
    assert len(answer.content) < MOST_BYTES / 4
    assert 'value="alice@example.com"' in answer.text
    assert answer.text.count("<option value=") < 2 * PROPOSED


def test_addresses_that_are_typed_are_saved(many: Cast) -> None:
    people = "p0007@example.com\r\nBOB@example.com\r\n"
    save(many, owner=" P4999@Example.com", spending="listed", spenders=people)
    key = Key.objects.get(pk=many.key.pk)
    assert key.owner == User.objects.get(email="p4999@example.com")
    assert set(key.spenders.all()) == {place("p0007@example.com"), place("bob@example.com")}
    text = many.client("adam").get(page(key)).text
    assert 'value="p4999@example.com"' in text
    assert "bob@example.com\np0007@example.com</textarea>" in text


def test_a_key_may_be_nobodys(many: Cast) -> None:
    assert save(many, owner="").status_code == 302
    assert Key.objects.get(pk=many.key.pk).owner is None


@pytest.mark.parametrize("address", ["charlie@example.com", "nobody", "p1\0@example.com"])
def test_whoever_does_not_belong_to_the_team_is_told_beside_the_field(many: Cast, address: str) -> None:
    answer = save(many, owner=address, spending="listed", spenders=address)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"owner", "spenders"})


def test_a_viewer_is_nobody_who_may_spend(many: Cast) -> None:
    answer = save(many, spending="listed", spenders="vera@example.com")
    assert "Nobody who may spend has the address vera@example.com." in answer.text


def test_people_are_proposed_by_what_is_typed(many: Cast) -> None:
    proposed = many.client("adam").get(NAMES, {"owner": "PERSON 499"}).text
    assert proposed.count("<option") == 10
    assert '<option value="p4999@example.com">Person 4999</option>' in proposed
    assert many.client("adam").get(NAMES, {"owner": "\0?"}).text.strip() == ""
    assert many.client("adam").get(NAMES).text.count("<option") == PROPOSED
    assert many.client("bob").get(NAMES).status_code == 403


def test_a_hundred_people_are_a_menu(cast: Cast) -> None:
    add_people(cast, LONGEST_MENU - 4)
    text = cast.client("adam").get(page(cast.key)).text
    assert 'type="checkbox" name="spenders"' in text
    assert "</textarea>" not in text

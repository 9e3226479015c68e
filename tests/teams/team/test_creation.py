"""Who may create teams is a setting: everyone, owners, nobody."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from teams.keys.deeds import KeyDetails
from teams.models import Team
from teams.start import first_start
from teams.team import life
from tests.cast import Cast

NEW, OFFER = "/teams/new/", 'href="/teams/new/"'
DETAILS = KeyDetails("Main key", "rax_demo_pro", "http://127.0.0.1:9/api/v1")


@pytest.mark.parametrize(
    ("setting", "person", "may"),
    [
        ("everyone", "alice", True),
        ("everyone", "vera", True),
        ("owners", "alice", True),
        ("owners", "adam", False),
        ("nobody", "alice", False),
    ],
)
def test_the_setting_holds_for_page_menu_and_deed(
    cast: Cast, settings: Settings, setting: str, person: str, may: bool
) -> None:
    settings.TEAM_CREATION = setting
    client, teams = cast.client(person), Team.objects.count()
    assert (OFFER in client.get("/t/acme/keys/").text) is may
    assert (client.get(NEW).status_code == 200) is may
    assert (client.post(NEW, {"name": "Second"}).status_code == 302) is may
    assert Team.objects.count() == teams + may


@pytest.mark.parametrize(
    ("setting", "words"),
    [("owners", "Only owners of a team may create another one"), ("nobody", "by whoever runs this raxdash")],
)
def test_a_refusal_says_whom_to_ask(cast: Cast, settings: Settings, setting: str, words: str) -> None:
    settings.TEAM_CREATION = setting
    answer = cast.client("bob").post(NEW, {"name": "Second"})
    assert (answer.status_code, words in answer.text) == (403, True)


def test_the_deed_itself_refuses(cast: Cast, settings: Settings) -> None:
    settings.TEAM_CREATION = "nobody"
    with pytest.raises(PermissionDenied):
        life.create_team(cast.alice, "Second", "UTC")


def test_a_deleted_team_makes_no_owner(cast: Cast, settings: Settings) -> None:
    settings.TEAM_CREATION = "owners"
    Team.objects.filter(pk=cast.team.pk).update(deleted_at=timezone.now())
    assert not life.may_create_team(cast.alice)


@pytest.mark.parametrize(
    ("setting", "is_offered"), [("everyone", True), ("owners", False), ("nobody", False)]
)
def test_who_belongs_to_no_team_is_offered_one_only_where_they_may(
    cast: Cast, settings: Settings, setting: str, is_offered: bool
) -> None:
    settings.TEAM_CREATION = setting
    cast.bob.memberships.all().delete()
    page = cast.client("bob").get("/").text
    assert "You belong to no team" in page
    assert (OFFER in page) is is_offered


def test_one_team_alone_needs_no_switch(cast: Cast, settings: Settings) -> None:
    settings.TEAM_CREATION = "nobody"
    assert "<details" not in cast.client("vera").get("/t/acme/members/").text


@pytest.mark.django_db
def test_the_first_start_always_may(settings: Settings, client: Client) -> None:
    settings.TEAM_CREATION = "nobody"
    owner = first_start.Owner("owner@example.com", "a long enough password")
    _, team, _ = first_start.set_up(owner, "First", DETAILS)
    assert team.name == "First"

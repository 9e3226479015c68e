"""Usage opens with one's own start view, else with the team's, else as it always does."""

import pytest
from django.test import Client

from teams.models import AuditEntry, Membership
from tests.cast import Cast
from tests.usage.explore.reading import USAGE
from tests.usage.explore.saved.saving import VIEWS, make_view
from usage.models import SavedView


def start_with(client: Client, view: SavedView, start: str = "yes") -> int:
    return client.post(f"{VIEWS}{view.pk}/start/", {"start": start}).status_code


def opened(client: Client, path: str = USAGE) -> str:
    """Where a page leads to; an empty text where it is shown."""
    answer = client.get(path)
    return answer.get("Location", "")


def test_usage_opens_with_the_team_s_start_page(cast: Cast) -> None:
    view = make_view(cast.team, None)
    assert opened(cast.client("bob")) == ""
    assert start_with(cast.client("adam"), view) == 302
    assert opened(cast.client("bob")) == f"{USAGE}?by=key&saved={view.pk}"
    assert opened(cast.client("bob"), f"{USAGE}?period=30d") == ""


def test_one_s_own_start_is_better(cast: Cast) -> None:
    ours, mine = make_view(cast.team, None), make_view(cast.team, cast.bob, query="")
    start_with(cast.client("adam"), ours)
    start_with(cast.client("bob"), mine)
    assert opened(cast.client("bob")) == f"{USAGE}?saved={mine.pk}"
    assert opened(cast.client("vera")) == f"{USAGE}?by=key&saved={ours.pk}"


def test_a_view_that_asks_nothing_special_opens_nothing_else(cast: Cast) -> None:
    mine, bob = make_view(cast.team, cast.bob, query=""), cast.client("bob")
    start_with(bob, mine)
    assert opened(bob, opened(bob)) == ""
    assert opened(bob, f"{USAGE}?saved=none") == ""


def test_there_is_one_start_and_it_can_be_taken_back(cast: Cast) -> None:
    one, two = make_view(cast.team, None, "One"), make_view(cast.team, None, "Two")
    adam = cast.client("adam")
    start_with(adam, one)
    start_with(adam, two)
    assert opened(adam) == f"{USAGE}?by=key&saved={two.pk}"
    start_with(adam, two, "no")
    assert opened(adam) == ""
    told = [str(entry) for entry in AuditEntry.objects.order_by("pk")]
    assert told == [
        "Adam made the team's start page: One",
        "Adam made the team's start page: Two",
        "Adam took back as the team's start page: Two",
    ]


def test_only_owners_and_admins_choose_it_for_the_team(cast: Cast) -> None:
    view = make_view(cast.team, None)
    assert start_with(cast.client("bob"), view) == 403
    assert "Start with it" not in cast.client("bob").get(VIEWS).content.decode()
    assert "Start with it" in cast.client("adam").get(VIEWS).content.decode()


def test_a_start_page_that_is_deleted_is_none_and_comes_back_as_one(cast: Cast) -> None:
    view, adam = make_view(cast.team, None), cast.client("adam")
    start_with(adam, view)
    adam.post(f"{VIEWS}{view.pk}/delete/")
    assert opened(adam) == ""
    adam.post(f"{VIEWS}{view.pk}/restore/")
    assert opened(adam) == f"{USAGE}?by=key&saved={view.pk}"


def test_one_that_was_replaced_meanwhile_comes_back_as_a_view_among_others(cast: Cast) -> None:
    one, two = make_view(cast.team, None, "One"), make_view(cast.team, None, "Two")
    adam = cast.client("adam")
    start_with(adam, one)
    adam.post(f"{VIEWS}{one.pk}/delete/")
    start_with(adam, two)
    adam.post(f"{VIEWS}{one.pk}/restore/")
    assert opened(adam) == f"{USAGE}?by=key&saved={two.pk}"


@pytest.mark.parametrize(("has_view", "leads_to"), [(True, USAGE), (False, "/t/acme/playground/")])
def test_who_comes_in_starts_with_it(cast: Cast, has_view: bool, leads_to: str) -> None:
    if has_view:
        start_with(cast.client("adam"), make_view(cast.team, None))
    assert opened(cast.client("bob"), "/").partition("?")[0] == leads_to


def test_who_rather_begins_in_the_playground_does(cast: Cast) -> None:
    adam, bob, elsewhere = cast.client("adam"), cast.client("bob"), f"{VIEWS}playground/"
    assert "Start in the playground" not in bob.get(VIEWS).content.decode()
    start_with(adam, make_view(cast.team, None))
    assert "Start in the playground" in bob.get(VIEWS).content.decode()
    assert bob.post(elsewhere, {"start": "yes"}).status_code == 302
    assert opened(bob, "/") == "/t/acme/playground/"
    assert opened(adam, "/").startswith(USAGE)
    assert "Start as the team does" in bob.get(VIEWS).content.decode()
    bob.post(elsewhere, {"start": "no"})
    assert opened(bob, "/").startswith(USAGE)


def test_a_start_of_one_s_own_takes_the_place_of_the_playground_and_back(cast: Cast) -> None:
    mine, bob = make_view(cast.team, cast.bob), cast.client("bob")
    bob.post(f"{VIEWS}playground/", {"start": "yes"})
    start_with(bob, mine)
    assert opened(bob, "/") == f"{USAGE}?by=key&saved={mine.pk}"
    bob.post(f"{VIEWS}playground/", {"start": "yes"})
    assert opened(bob, "/") == "/t/acme/playground/"
    assert not SavedView.objects.filter(is_start=True).exists()


def test_the_start_of_another_team_is_not_one_s_own(cast: Cast) -> None:
    view = make_view(cast.team, cast.bob)
    start_with(cast.client("bob"), view)
    Membership.objects.create(team=cast.other_team, user=cast.bob, role="member")
    assert opened(cast.client("bob"), "/t/others/usage/") == ""

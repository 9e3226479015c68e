"""Views that people keep: saved, renamed, ordered, deleted and brought back, by whoever may."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from teams.members import deeds as members
from teams.models import Membership, User
from teams.permissions import Access
from teams.team import life
from tests.cast import Cast
from tests.usage.explore.reading import USAGE
from tests.usage.explore.saved.saving import VIEWS, make_view
from usage.books import retention
from usage.explore.saved.deeds import MOST_VIEWS
from usage.models import SavedView


def save(client: Client, name: str = "Monday report", query: str = "by=key", **fields: str) -> int:
    """The status of the answer to a form that was filled in so."""
    return client.post(f"{VIEWS}new/?{query}", {"name": name, "whose": "me", **fields}).status_code


def error(client: Client, name: str, query: str = "", **fields: str) -> str:
    answer = client.post(f"{VIEWS}new/?{query}", {"name": name, "whose": "me", **fields})
    assert answer.status_code == 422
    return " ".join(answer.context["form"].errors["name"])


def listed(client: Client) -> list[str]:
    """The names in the list, in order."""
    html = client.get(VIEWS).content.decode()
    return [unescape(name) for name in re.findall(r'<div class="view-name"><a [^>]*><bdi>([^<]*)', html)]


def do(client: Client, view: SavedView, deed: str, **fields: str) -> int:
    return client.post(f"{VIEWS}{view.pk}/{deed}/", fields).status_code


def access_of(cast: Cast, user: User) -> Access:
    return Access(cast.team, Membership.objects.select_related("team", "user").get(user=user))


def test_a_question_is_kept_in_its_one_spelling(cast: Cast) -> None:
    bob = cast.client("bob")
    answer = bob.post(
        f"{VIEWS}new/?group=key&metric=requests&saved=7&polled=12&nonsense=1",
        {"name": " Monday  report ", "whose": "me"},
    )
    view = SavedView.objects.get()
    assert (view.name, view.query, view.owner) == ("Monday report", "measure=requests&by=key", cast.bob)
    assert answer["Location"] == f"{USAGE}?measure=requests&by=key&saved={view.pk}"


def test_one_s_own_is_private_and_the_team_s_is_everybody_s(cast: Cast) -> None:
    save(cast.client("bob"), "Mine")
    save(cast.client("bob"), "Ours", whose="team")
    assert listed(cast.client("bob")) == ["Ours", "Mine"]
    assert listed(cast.client("vera")) == ["Ours"]


def test_a_viewer_keeps_views_of_their_own_alone(cast: Cast) -> None:
    ours, vera = make_view(cast.team, None), cast.client("vera")
    assert "The whole team" not in vera.get(f"{VIEWS}new/?by=key").content.decode()
    assert save(vera, "Mine", whose="team") == 302
    mine = SavedView.objects.get(name="Mine")
    assert mine.owner == cast.vera
    for deed in ("update", "move", "start", "delete"):
        assert do(vera, ours, deed) == 403
        assert do(vera, mine, deed) == 302
    assert vera.get(f"{VIEWS}{ours.pk}/").status_code == 403
    assert do(vera, mine, "restore") == 302
    assert listed(vera) == ["Monday report", "Mine"]


@pytest.mark.parametrize("person", ["bob", "alice"])
def test_what_is_private_or_another_team_s_is_not_there(cast: Cast, person: str) -> None:
    client = cast.client(person)
    for view in (make_view(cast.team, cast.vera), make_view(cast.other_team, None)):
        assert client.get(f"{VIEWS}{view.pk}/").status_code == 404
        for deed in ("update", "move", "start", "delete", "restore"):
            assert do(client, view, deed) == 404
    assert listed(client) == []


def test_names_are_told_apart_within_a_list_whatever_their_capitals(cast: Cast) -> None:
    bob = cast.client("bob")
    make_view(cast.team, None, "Größe")
    make_view(cast.team, cast.alice, "Mine")
    assert save(bob, "GRÖSSE") == 302
    assert error(bob, "grösse") == "You have a view of this name already."
    assert error(bob, "größe", whose="team") == "The team has a view of this name already."
    assert save(bob, "mine") == 302


def test_a_name_can_be_seen_and_is_not_too_long(cast: Cast) -> None:
    bob = cast.client("bob")
    for name in ("", " \u202e\u200b "):
        assert error(bob, name) == "Give it a name."
    assert error(bob, "x" * 81) == "A name has 80 characters at most."
    assert save(bob, "\ufdfa" * 80) == 302


def test_there_are_fifty_at_most_for_each(cast: Cast) -> None:
    bob = cast.client("bob")
    for number in range(MOST_VIEWS):
        make_view(cast.team, cast.bob, f"View {number}")
    assert error(bob, "One more") == "You have 50 views, the most there can be. Delete one first."
    assert save(bob, "One more", whose="team") == 302
    do(bob, SavedView.objects.get(name="View 3"), "delete")
    assert save(bob, "One more") == 302
    do(bob, SavedView.objects.get(name="View 3"), "restore")
    assert "View 3" not in listed(bob)


def test_it_is_renamed(cast: Cast) -> None:
    view, bob = make_view(cast.team, None), cast.client("bob")
    make_view(cast.team, None, "Taken")
    taken = bob.post(f"{VIEWS}{view.pk}/", {"name": "taken"})
    assert "The team has a view of this name already." in taken.content.decode()
    assert bob.post(f"{VIEWS}{view.pk}/", {"name": "Tuesday report"}).status_code == 302
    assert listed(bob) == ["Tuesday report", "Taken"]


def test_it_is_moved_up_and_down_and_stops_at_the_ends(cast: Cast) -> None:
    one, two, three = (make_view(cast.team, cast.bob, name) for name in ("One", "Two", "Three"))
    bob = cast.client("bob")
    do(bob, one, "move", to="down")
    assert listed(bob) == ["Two", "One", "Three"]
    do(bob, three, "move", to="up")
    do(bob, three, "move", to="up")
    do(bob, three, "move", to="up")
    assert listed(bob) == ["Three", "Two", "One"]
    do(bob, two, "delete")
    do(bob, two, "restore")
    assert listed(bob) == ["Three", "Two", "One"]


def test_the_focus_goes_along_with_what_is_moved(cast: Cast) -> None:
    """To the button that was pressed; at an end, where that does nothing, to the other."""
    make_view(cast.team, cast.bob, "One")
    two = make_view(cast.team, cast.bob, "Two")
    make_view(cast.team, cast.bob, "Three")
    bob = cast.client("bob")
    focused = []
    for to in ("down", "up", "up"):
        answer = bob.post(f"{VIEWS}{two.pk}/move/", {"to": to}, follow=True)
        focused += re.findall(r'aria-label="Move (\w+ \w+)" autofocus', answer.content.decode())
    assert focused == ["Two up", "Two up", "Two down"]


def test_deleting_can_be_undone(cast: Cast) -> None:
    view, bob = make_view(cast.team, cast.bob), cast.client("bob")
    page = bob.get(bob.post(f"{VIEWS}{view.pk}/delete/")["Location"]).content.decode()
    assert "was deleted." in page
    assert f'action="{VIEWS}{view.pk}/restore/"' in page
    assert listed(bob) == []
    do(bob, view, "restore")
    assert listed(bob) == ["Monday report"]


def test_what_was_deleted_is_gone_after_a_day(cast: Cast) -> None:
    view, bob = make_view(cast.team, cast.bob), cast.client("bob")
    do(bob, view, "delete")
    SavedView.objects.update(deleted_at=timezone.now() - timedelta(days=1, minutes=1))
    just_now, kept = make_view(cast.team, cast.bob), make_view(cast.team, None)
    do(bob, just_now, "delete")
    assert do(bob, view, "restore") == 404
    assert retention.run(timezone.now()) == 1
    assert set(SavedView.objects.values_list("pk", flat=True)) == {just_now.pk, kept.pk}


def test_a_name_that_was_taken_meanwhile_keeps_a_deleted_view_away(cast: Cast) -> None:
    view, bob = make_view(cast.team, cast.bob), cast.client("bob")
    do(bob, view, "delete")
    save(bob, "monday REPORT")
    page = bob.post(f"{VIEWS}{view.pk}/restore/", follow=True).content.decode()
    assert "You have a view of this name already." in page
    assert listed(bob) == ["monday REPORT"]


def test_the_views_that_somebody_kept_go_with_them_and_the_team_s_stay(cast: Cast) -> None:
    make_view(cast.team, cast.bob, "Mine")
    make_view(cast.team, None, "Ours")
    make_view(cast.other_team, cast.bob, "Elsewhere")
    members.remove(access_of(cast, cast.alice), Membership.objects.get(user=cast.bob).pk)
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Ours", "Elsewhere"}


def test_all_go_with_their_team(cast: Cast) -> None:
    make_view(cast.team, cast.bob)
    make_view(cast.team, None)
    life.delete_team(access_of(cast, cast.alice))
    assert not SavedView.objects.exists()


def test_the_database_settles_who_was_first(cast: Cast) -> None:
    first, second = make_view(cast.team, None, "One"), make_view(cast.team, None, "Two")
    for change in ({"folded_name": first.folded_name}, {"is_start": True}):
        SavedView.objects.filter(pk=first.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.filter(pk=second.pk).update(**change)

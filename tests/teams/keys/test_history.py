"""A key's page says what was valid when, and asks whether a change is valid from today or since always."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from teams.keys.attributes import change_attributes
from teams.keys.timelines import timeline
from teams.models import ALWAYS, AuditEntry, Key, KeyAttributes, Membership, Team
from tests.cast import Cast
from tests.directions import without_directions

SINCE = date(2026, 11, 3)
HISTORY = "What was valid when"


@pytest.fixture
def dated(cast: Cast) -> Cast:
    """The key was of no project, then of Support."""
    change_attributes([cast.key], SINCE, {"project": "Support"})
    return cast


def save(cast: Cast, **fields: object) -> Any:
    place = Membership.objects.get(team=cast.team, user=cast.alice).pk
    now = {"name": "Main key", "owner": place, "project": cast.key.project, "labels": "", "plan": "pro"}
    address = reverse("teams:key", args=["acme", cast.key.pk])
    return cast.client("adam").post(address, now | {"spending": "everyone"} | fields, follow=True)


def told(cast: Cast) -> list[str]:
    return [str(entry) for entry in timeline(Key.objects.get(pk=cast.key.pk)).entries]


def test_it_shows_the_history_newest_first_where_there_is_one(cast: Cast) -> None:
    page = reverse("teams:key", args=["acme", cast.key.pk])
    assert HISTORY not in cast.client("adam").get(page).text
    change_attributes([cast.key], SINCE, {"project": "Support"})
    text = cast.client("adam").get(page).text
    assert text.index(HISTORY) < text.index("3 Nov 2026") < text.index(">always<")


def test_a_change_is_valid_from_today_unless_somebody_says_otherwise(dated: Cast) -> None:
    today = dated.team.today()
    for project in ("Sales", "Research"):
        save(dated, project=project)
    assert told(dated) == [
        "since always: plan Pro, owner Alice",
        "since 3 Nov 2026: plan Pro, owner Alice, project Support",
        f"since {today:%-d %b %Y}: plan Pro, owner Alice, project Research",
    ]


def test_it_asks_for_today_in_the_zone_of_the_team(cast: Cast) -> None:
    days = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # never of one day
        Team.objects.filter(pk=cast.team.pk).update(time_zone=zone)
        save(cast, project=zone)
        days[zone] = KeyAttributes.objects.newest().get().valid_from
    # The change of Pago Pago is a day earlier, and reaches the later row as well.
    assert [row.project for row in KeyAttributes.objects.order_by("valid_from")] == ["", "Pacific/Pago_Pago"]
    assert days["Pacific/Pago_Pago"] < days["Pacific/Kiritimati"]


def test_since_always_corrects_what_was_changed_and_is_told_with_what_it_replaced(dated: Cast) -> None:
    save(dated, labels="chat, Batch", valid="since always")
    assert told(dated) == [
        "since always: plan Pro, owner Alice, labels Batch, chat",
        "since 3 Nov 2026: plan Pro, owner Alice, project Support, labels Batch, chat",
    ]
    assert AuditEntry.objects.get().details == {
        "labels": [[], ["Batch", "chat"]],
        "valid": "since always",
        "replaced": "since always: plan Pro, owner Alice; "
        "since 3 Nov 2026: plan Pro, owner Alice, project Support",
    }
    assert "Valid: since always" in without_directions(dated.client("adam").get("/t/acme/audit/").text)


def test_there_is_no_past_to_correct_where_nothing_was_changed(dated: Cast) -> None:
    answer = save(dated, name="Renamed", valid="since always")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["valid"])
    assert "there is nothing to correct in the past" in answer.text
    assert Key.objects.get(pk=dated.key.pk).name == "Main key"


def test_a_name_and_who_may_spend_have_no_history(dated: Cast) -> None:
    save(dated, name="Renamed", spending="listed")
    assert len(told(dated)) == 2
    assert "valid" not in AuditEntry.objects.get().details


def test_another_time_than_the_two_is_refused(dated: Cast) -> None:
    assert list(save(dated, valid="tomorrow").context["form"].errors) == ["valid"]


def test_the_list_shows_the_labels_of_now(cast: Cast) -> None:
    save(cast, labels="old", valid="since always")
    save(cast, labels="new")
    text = without_directions(cast.client("vera").get("/t/acme/keys/").text)
    assert '<span class="tag">new</span>' in text
    assert '<span class="tag">old</span>' not in text


def test_until_yesterday_the_key_was_hers_who_left(cast: Cast) -> None:
    change_attributes([cast.key], ALWAYS, {"project": "Support"})
    place = Membership.objects.get(team=cast.team, user=cast.alice)
    Membership.objects.filter(user=cast.bob).update(role="owner")
    cast.client("bob").post(reverse("teams:remove_member", args=["acme", place.pk]))
    assert told(cast) == [
        "since always: plan Pro, owner Alice, project Support",
        f"since {cast.team.today():%-d %b %Y}: plan Pro, project Support",
    ]

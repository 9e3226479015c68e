"""A key's page: what the team says about it, its secret, and who may spend on it."""

import pytest
from django.test import override_settings
from django.urls import reverse

from teams.models import AuditEntry, Key, Membership, Plan, Role, User
from tests.cast import Cast, make_key
from tests.installation import free_port

SETTINGS = {"name": "Main key", "plan": "pro", "spending": "everyone", "project": "", "labels": ""}


def page(key: Key, name: str = "key") -> str:
    return reverse(f"teams:{name}", args=["acme", key.pk])


def save(cast: Cast, **fields: object):
    return cast.client("adam").post(page(cast.key), SETTINGS | fields)


def place(cast: Cast, person: User) -> Membership:
    return Membership.objects.get(team=cast.team, user=person)


def fresh(cast: Cast) -> Key:
    return Key.objects.get(pk=cast.key.pk)


def test_it_shows_everything_but_the_secret(cast: Cast) -> None:
    text = cast.client("adam").get(page(cast.key)).text
    assert "…_pro at http://127.0.0.1:9/api/v1" in text
    assert "rax_demo_pro" not in text


def test_it_saves_what_the_team_says(cast: Cast) -> None:
    fields = {"name": "Chat", "project": "Support", "labels": " night, chat ,night,", "plan": "own"}
    save(cast, **fields, tokens_per_day="9000", owner=place(cast, cast.bob).pk)
    key = fresh(cast)
    assert (key.name, key.project) == ("Chat", "Support")
    assert [label.name for label in key.labels] == ["chat", "night"]
    assert (key.plan, key.limits().tokens_per_day, key.owner) == (Plan.OWN, 9000, cast.bob)
    assert key.reveal_secret() == "rax_demo_pro"


def test_it_refuses_a_name_that_is_taken_and_people_of_other_teams(cast: Cast) -> None:
    make_key(cast.team, cast.alice, "Second")
    charlie = Membership.objects.get(user=cast.charlie).pk
    answer = save(cast, name="Second", owner=charlie, spending="listed", spenders=[charlie])
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"name", "owner", "spenders"})


@pytest.mark.parametrize("labels", ["x" * 41, ",".join(map(str, range(21)))])
def test_it_bounds_labels(cast: Cast, labels: str) -> None:
    assert list(save(cast, labels=labels).context["form"].errors) == ["labels"]


def test_everybody_but_viewers_spends_on_an_open_key(cast: Cast) -> None:
    who = [person for person in (cast.alice, cast.adam, cast.bob, cast.vera) if may_spend(cast, person)]
    assert who == [cast.alice, cast.adam, cast.bob]


def test_nobody_spends_on_a_key_of_another_team(cast: Cast) -> None:
    make_key(cast.other_team, cast.charlie)
    assert list(Key.objects.spendable_by(place(cast, cast.alice))) == [cast.key]


def test_only_who_is_listed_spends_on_a_limited_key(cast: Cast) -> None:
    save(cast, spending="listed", spenders=[place(cast, cast.bob).pk])
    assert [may_spend(cast, person) for person in (cast.alice, cast.bob)] == [False, True]
    assert "Only some may spend on it" in cast.client("vera").get("/t/acme/keys/").text


def test_a_limited_key_stays_limited_when_the_last_of_its_people_goes(cast: Cast) -> None:
    save(cast, spending="listed", spenders=[place(cast, cast.bob).pk])
    place(cast, cast.bob).delete()
    assert not any(may_spend(cast, person) for person in (cast.alice, cast.adam))


def test_a_viewer_on_the_list_still_spends_nothing(cast: Cast) -> None:
    save(cast, spending="listed", spenders=[place(cast, cast.bob).pk])
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    assert not may_spend(cast, cast.bob)


def may_spend(cast: Cast, person: User) -> bool:
    return Key.objects.spendable_by(place(cast, person)).filter(pk=cast.key.pk).exists()


def test_another_secret_is_checked_and_sealed(cast: Cast, provider: str) -> None:
    fields = {"base_url": provider, "secret": "rax_demo_free"}
    answer = cast.client("adam").post(page(cast.key, "replace_secret"), fields)
    assert answer["Location"] == "/t/acme/keys/"
    assert (fresh(cast).reveal_secret(), fresh(cast).base_url) == ("rax_demo_free", provider)


@pytest.mark.parametrize(("secret", "field"), [("rax_wrong", "secret"), ("", "secret")])
def test_a_secret_that_is_refused_or_missing_changes_nothing(
    cast: Cast, provider: str, secret: str, field: str
) -> None:
    answer = cast.client("adam").post(
        page(cast.key, "replace_secret"), {"base_url": provider, "secret": secret}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (fresh(cast).reveal_secret(), fresh(cast).base_url) == ("rax_demo_pro", cast.key.base_url)


def test_the_stored_secret_is_never_sent_to_another_address(cast: Cast) -> None:
    cast.key.move_to("https://elsewhere.example.com/v1/")
    cast.key.save()
    key = fresh(cast)
    assert (bytes(key.ciphertext), key.hint) == (b"", "")
    assert not Key.objects.usable().filter(pk=key.pk).exists()
    assert "No secret" in cast.client("adam").get(page(key)).text
    answer = cast.client("adam").post(page(key, "check_key"), follow=True)
    assert "This key has no secret. Type it again." in answer.text


def check(cast: Cast) -> str:
    return cast.client("adam").post(page(cast.key, "check_key"), follow=True).text


def stored_at(cast: Cast, address: str, secret: str) -> None:
    cast.key.move_to(address)
    cast.key.set_secret(secret)
    cast.key.save()


def test_a_refused_key_that_is_taken_again_is_used_again(cast: Cast, provider: str) -> None:
    stored_at(cast, provider, "rax_demo_pro")
    cast.key.mark_refused("The provider does not know this key.")
    assert "The provider takes this key." in check(cast)
    assert (fresh(cast).status, fresh(cast).status_reason) == (Key.Status.ACTIVE, "")


def test_a_key_that_the_provider_refuses_is_no_longer_used(cast: Cast, provider: str) -> None:
    stored_at(cast, provider, "rax_gone")
    assert "does not know this key" in check(cast)
    assert fresh(cast).status == Key.Status.REFUSED


def test_a_silent_address_decides_nothing(cast: Cast, provider: str) -> None:
    stored_at(cast, f"http://127.0.0.1:{free_port()}/v1", "rax_demo_pro")
    assert "Nothing answers" in check(cast)
    assert fresh(cast).status == Key.Status.ACTIVE


def test_a_lost_encryption_key_is_said_in_words(cast: Cast) -> None:
    with override_settings(ENCRYPTION_KEYS={"another": bytes(32)}):
        assert "does not open with ENCRYPTION_KEYS" in check(cast)


def test_a_retired_key_has_no_page(cast: Cast) -> None:
    cast.key.retire()
    for name in ("key", "replace_secret", "retire_key"):
        assert cast.client("alice").get(page(cast.key, name)).status_code == 404


def test_every_change_is_told_without_a_secret(cast: Cast, provider: str) -> None:
    client, fields = (
        cast.client("adam"),
        SETTINGS | {"owner": place(cast, cast.alice).pk, "project": "Support"},
    )
    for _ in range(2):  # the second time nothing changes
        client.post(page(cast.key), fields)
    client.post(page(cast.key, "replace_secret"), {"base_url": provider, "secret": "rax_demo_free"})
    client.post(page(cast.key, "check_key"))
    client.post(page(cast.key, "retire_key"))
    entries = AuditEntry.objects.order_by("pk")
    assert [entry.deed for entry in entries] == [
        "key.changed",
        "key.secret_replaced",
        "key.checked",
        "key.retired",
    ]
    assert entries[0].details == {"project": ["", "Support"], "valid": "from today"}
    assert "rax_demo" not in str(list(entries.values()))

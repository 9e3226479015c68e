"""A team is created, changed, and deleted: its text goes, its numbers stay."""

import pytest

from common.models import Job
from teams import signals
from teams.jobs import scope_of, team_of
from teams.models import AuditEntry, Invitation, Key, Membership, Role, Team, Weekday
from tests.cast import Cast

SETTINGS = "/t/acme/settings/"
GIVEN = {"name": "Acme", "time_zone": "UTC", "quota_time_zone": "UTC", "keep_prompts_days": "0"}


def save(cast: Cast, **fields: str):
    return cast.client("adam").post(SETTINGS, GIVEN | fields)


def test_an_admin_changes_settings(cast: Cast) -> None:
    save(cast, name="Acme Labs", time_zone="Asia/Kathmandu", keep_prompts_days="30")
    team = Team.objects.get(pk=cast.team.pk)
    assert (team.name, team.slug, team.time_zone, team.keep_prompts_days) == (
        "Acme Labs",
        "acme",
        "Asia/Kathmandu",
        30,
    )
    assert AuditEntry.objects.get().details["keep_prompts_days"] == [0, 30]


def test_weeks_begin_where_the_team_says(cast: Cast) -> None:
    assert Team.objects.get(pk=cast.team.pk).week_start == Weekday.MONDAY
    save(cast, week_start="6")
    assert Team.objects.get(pk=cast.team.pk).week_start == Weekday.SUNDAY
    assert 'value="6" selected' in cast.client("adam").get(SETTINGS).content.decode()


def test_a_form_that_says_nothing_of_weeks_leaves_them(cast: Cast) -> None:
    save(cast, week_start="6")
    save(cast, name="Acme Labs")
    assert Team.objects.get(pk=cast.team.pk).week_start == Weekday.SUNDAY


def test_raw_lines_are_kept_for_a_week_or_as_the_team_says(cast: Cast) -> None:
    save(cast)
    assert Team.objects.get(pk=cast.team.pk).keep_raw_lines_days == 7
    save(cast, keep_raw_lines_days="30")
    save(cast, name="Acme Labs")
    assert Team.objects.get(pk=cast.team.pk).keep_raw_lines_days == 30
    assert save(cast, keep_raw_lines_days="-1").status_code == 422


def test_nothing_changed_is_nothing_told(cast: Cast) -> None:
    save(cast)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "localtime"},
        {"quota_time_zone": "utc+1"},
        {"week_start": "7"},
        {"keep_prompts_days": "-1"},
        {"keep_prompts_days": "99999"},
        {"name": " "},
    ],
)
def test_a_wrong_value_is_said_beside_its_field(cast: Cast, fields: dict[str, str]) -> None:
    answer = save(cast, **fields)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(fields))


def test_another_zone_raises_the_generation(cast: Cast) -> None:
    save(cast, name="Renamed")
    save(cast, name="Renamed", time_zone="Europe/Berlin")
    assert Team.objects.get(pk=cast.team.pk).generation == cast.team.generation + 2


def test_only_owners_are_offered_the_end(cast: Cast) -> None:
    assert "Delete <bdi>Acme</bdi>" in cast.client("alice").get(SETTINGS).text
    assert "Delete <bdi>Acme</bdi>" not in cast.client("adam").get(SETTINGS).text


def test_deleting_asks_for_the_name(cast: Cast) -> None:
    answer = cast.client("alice").post(f"{SETTINGS}delete/", {"name": "acme"})
    assert (answer.status_code, "it is Acme" in answer.text) == (422, True)
    assert Team.objects.get(pk=cast.team.pk).deleted_at is None


def test_a_deleted_team_keeps_its_row_and_nothing_that_opens(cast: Cast) -> None:
    heard: list[Team] = []

    def listen(team: Team, **_: object) -> None:
        heard.append(team)

    Invitation.objects.create(team=cast.team, role=Role.MEMBER, created_by=cast.alice)
    signals.team_deleted.connect(listen)
    answer = cast.client("alice").post(f"{SETTINGS}delete/", {"name": "Acme"}, follow=True)
    signals.team_deleted.disconnect(listen)
    assert "You belong to no team" in answer.text
    assert heard == [cast.team]
    team = Team.objects.get(pk=cast.team.pk)
    assert (team.name, team.slug) == ("Acme", f"acme-deleted-{team.pk}")
    assert bytes(Key.objects.get(pk=cast.key.pk).ciphertext) == b""
    assert not Membership.objects.filter(team=team).exists()
    assert not Invitation.objects.exists()
    assert cast.client("bob").get("/t/acme/keys/").status_code == 404


def test_its_failed_work_ends_with_it(cast: Cast) -> None:
    for team in (cast.team, cast.other_team):
        Job.objects.create(kind="test", scope=scope_of(team), state=Job.Status.FAILED)
    cast.client("alice").post(f"{SETTINGS}delete/", {"name": "Acme"})
    (left,) = Job.objects.pending()
    assert team_of(left) == cast.other_team.pk


def test_its_address_is_free_for_another_team(cast: Cast) -> None:
    cast.client("alice").post(f"{SETTINGS}delete/", {"name": "Acme"})
    assert Team.free_slug("Acme") == "acme"


def test_a_receiver_that_fails_undoes_the_deletion(cast: Cast) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("the text could not be erased")

    signals.team_deleted.connect(fail)
    client = cast.client("alice")
    client.raise_request_exception = False
    assert client.post(f"{SETTINGS}delete/", {"name": "Acme"}).status_code == 500
    signals.team_deleted.disconnect(fail)
    assert cast.client("bob").get("/t/acme/keys/").status_code == 200


def test_whoever_has_an_account_creates_a_team_and_owns_it(cast: Cast) -> None:
    client = cast.client("vera")
    answer = client.post("/teams/new/", {"name": "Acme", "time_zone": "Europe/Berlin"})
    assert answer["Location"] == "/t/acme-2/keys/"
    team = Team.objects.get(slug="acme-2")
    assert (team.time_zone, Membership.objects.get(team=team).role) == ("Europe/Berlin", Role.OWNER)
    assert "/t/acme-2/playground/" in client.get("/t/acme/keys/").text


def test_the_start_page_opens_the_team_that_was_used_last(cast: Cast) -> None:
    client = cast.client("vera")
    client.post("/teams/new/", {"name": "Aardvark"})
    client.get("/t/acme/keys/")
    assert client.get("/")["Location"] == "/t/acme/playground/"
    client.get("/t/aardvark/keys/")
    assert client.get("/")["Location"] == "/t/aardvark/playground/"

"""Notes: written, edited and removed by whoever may, and shown to the whole team."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from common.templatetags.names import isolated
from teams.acts import TeamAct
from teams.models import AuditEntry, Membership
from teams.permissions import Access
from teams.team import life
from tests.cast import Cast
from tests.directions import without_directions
from tests.usage.notes.writing import AT, BLACK_FRIDAY, make_note, make_timed_note
from usage.models import Note

NOTES = "/t/acme/usage/notes/"
TEXT = "Black Friday mailing"
FIELDS = {"text": TEXT, "first_day": "2026-11-27"}
DAY = timedelta(days=1)


def text_of(client: Client, path: str = NOTES) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub("</?time[^>]*>", "", without_directions(unescape(answer.content.decode())))


def said(client: Client, answer: Any) -> list[str]:
    """The messages of the page that an answer leads to."""
    html = client.get(answer["Location"]).content.decode()
    shown = html.partition('id="messages"')[2].partition("</header>")[0]
    return [unescape(words) for words in re.findall(r"<div>([^<]*)</div></div>", shown)]


def at_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_a_member_writes_one_and_everybody_reads_it(cast: Cast) -> None:
    bob = cast.client("bob")
    answer = bob.post(f"{NOTES}new/?chart=period%3D30d", FIELDS)
    assert answer["Location"] == "/t/acme/usage/?period=30d"
    html = text_of(cast.client("vera"))
    assert TEXT in html
    assert "Bob, just now" in html
    assert "Edit" not in html


def test_what_it_cannot_take_is_answered_with_the_form_as_it_was_typed(cast: Cast) -> None:
    answer = cast.client("bob").post(f"{NOTES}new/", FIELDS | {"last_day": "2026-11-01"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "The last day is before the first." in html
    assert TEXT in html
    assert not Note.objects.exists()


def test_the_form_proposes_the_days_that_were_pointed_at(cast: Cast) -> None:
    bob = cast.client("bob")
    assert 'value="2026-11-24"' in text_of(bob, f"{NOTES}new/?start=2026-11-24&end=2026-11-25")
    assert f'value="{cast.team.today()}"' in text_of(bob, f"{NOTES}new/?start=nonsense")


def test_its_author_edits_it(cast: Cast) -> None:
    note = make_note(cast.team, cast.bob)
    bob = cast.client("bob")
    assert "Black Friday mailing." in text_of(bob, f"{NOTES}{note.pk}/")
    bob.post(f"{NOTES}{note.pk}/", {"text": "Two mailings", "first_day": "2026-11-26", "first_time": "9:05"})
    note.refresh_from_db()
    assert (note.text, note.starts_at, note.first_day) == (
        "Two mailings",
        datetime(2026, 11, 26, 9, 5, tzinfo=UTC),
        None,
    )
    html = text_of(bob)
    assert "edited" in html


@pytest.mark.parametrize("note_of", [make_note, make_timed_note])
def test_saving_what_the_form_shows_changes_nothing(cast: Cast, note_of) -> None:
    cast.team.time_zone = "Asia/Kathmandu"
    cast.team.save()
    note = note_of(cast.team, cast.bob)
    bob, path = cast.client("bob"), f"{NOTES}{note.pk}/"
    form = bob.get(path).context["form"]
    assert bob.post(path, {name: form[name].value() or "" for name in form.fields}).status_code == 302
    after = Note.objects.get()
    for name in ("text", "starts_at", "ends_at", "first_day", "last_day"):
        assert getattr(after, name) == getattr(note, name)


def test_nobody_puts_words_into_the_mouth_of_others(cast: Cast) -> None:
    note = make_note(cast.team, cast.bob)
    alice = cast.client("alice")
    for ask in (alice.get, alice.post):
        answer = ask(f"{NOTES}{note.pk}/", FIELDS | {"text": "I am stupid"})
        assert said(alice, answer) == ["Only Bob may change this note."]
    assert Note.objects.get().text == "Black Friday mailing."


def test_removing_asks_first(cast: Cast) -> None:
    note = make_note(cast.team, cast.bob)
    bob, path = cast.client("bob"), f"{NOTES}{note.pk}/remove/"
    assert "This cannot be undone." in text_of(bob, path)
    assert Note.objects.exists()
    assert said(bob, bob.post(path)) == ["The note was removed."]
    assert not Note.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_admin_removes_what_another_wrote_and_the_trail_says_so(cast: Cast) -> None:
    note = make_note(cast.team, cast.bob)
    cast.client("adam").post(f"{NOTES}{note.pk}/remove/")
    assert not Note.objects.exists()
    entry = AuditEntry.objects.get()
    assert str(entry) == "Adam removed the note by Bob"
    assert "mailing" not in str(entry.details)


def test_a_refusal_keeps_a_name_that_runs_the_other_way_to_itself(cast: Cast) -> None:
    cast.alice.name = "אליס"
    cast.alice.save()
    note, bob = make_note(cast.team, cast.alice), cast.client("bob")
    for path in ("", "remove/"):
        assert said(bob, bob.post(f"{NOTES}{note.pk}/{path}")) == [
            f"Only {isolated('אליס')} may change this note."
        ]


def test_a_member_does_not_remove_what_another_wrote(cast: Cast) -> None:
    note = make_note(cast.team, cast.alice)
    bob, path = cast.client("bob"), f"{NOTES}{note.pk}/remove/"
    for ask in (bob.get, bob.post):
        assert said(bob, ask(path)) == ["Only Alice may change this note."]
    assert Note.objects.exists()


def test_a_member_who_became_a_viewer_writes_and_edits_nothing(cast: Cast) -> None:
    note = make_note(cast.team, cast.bob)
    Membership.objects.filter(user=cast.bob).update(role="viewer")
    bob = cast.client("bob")
    for path in (f"{NOTES}new/", f"{NOTES}{note.pk}/", f"{NOTES}{note.pk}/remove/"):
        assert bob.get(path).status_code == bob.post(path, FIELDS).status_code == 403


def test_notes_of_another_team_are_not_there(cast: Cast) -> None:
    note = make_note(cast.other_team, cast.charlie)
    alice = cast.client("alice")
    for path in (f"{NOTES}{note.pk}/", f"{NOTES}{note.pk}/remove/"):
        assert alice.get(path).status_code == alice.post(path, FIELDS).status_code == 404
    assert "Charlie" not in text_of(alice)


def test_the_note_of_somebody_who_left_stays_and_says_who_wrote_it(cast: Cast) -> None:
    make_note(cast.team, cast.bob)
    Membership.objects.filter(user=cast.bob).delete()
    assert "Bob," in text_of(cast.client("vera"))
    cast.bob.delete()
    html = text_of(cast.client("vera"))
    assert "Bob," in html
    assert TEXT in html


def test_the_notes_of_a_team_that_is_deleted_are_erased(cast: Cast) -> None:
    make_note(cast.team, cast.bob)
    owner = Membership.objects.select_related("team", "user").get(user=cast.alice)
    assert owner.may(TeamAct.DELETE_TEAM)
    life.delete_team(Access(cast.team, owner))
    assert not Note.objects.exists()


def test_days_stay_days_when_the_team_moves(cast: Cast) -> None:
    days, moment = make_note(cast.team, cast.bob), make_timed_note(cast.team, cast.bob)
    owner = Membership.objects.select_related("team", "user").get(user=cast.alice)
    life.change_team(Access(cast.team, owner), {"time_zone": "America/New_York"})
    days.refresh_from_db()
    assert days.starts_at == at_midnight(BLACK_FRIDAY) + timedelta(hours=5)
    moment.refresh_from_db()
    assert moment.starts_at == AT


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (timedelta(), DAY, {"day", "moment", "long"}),
        (timedelta(hours=12), DAY, {"day", "long"}),
        (-DAY, timedelta(), {"long"}),
        (DAY, 2 * DAY, set()),
        (-9 * DAY, -8 * DAY, set()),
    ],
)
def test_it_finds_what_touches_a_span_in_one_query(
    cast: Cast, django_assert_num_queries, start: timedelta, end: timedelta, found: set[str]
) -> None:
    noon = at_midnight(BLACK_FRIDAY)
    make_note(cast.team, cast.bob, "day")
    make_note(cast.team, cast.bob, "long", BLACK_FRIDAY - 7 * DAY, BLACK_FRIDAY)
    moment = make_timed_note(cast.team, cast.bob, noon)
    Note.objects.filter(pk=moment.pk).update(text="moment")
    make_note(cast.other_team, cast.charlie)
    with django_assert_num_queries(1):
        notes = Note.objects.for_team(cast.team).touching(noon + start, noon + end)
        assert {note.text for note in notes if note.who} == found


def test_the_database_holds_no_note_that_ends_before_it_begins(cast: Cast) -> None:
    note = make_note(cast.team, cast.bob)
    mine = Note.objects.filter(pk=note.pk)
    for wrong in (
        {"ends_at": note.starts_at - DAY},
        {"last_day": None},
        {"last_day": BLACK_FRIDAY - DAY},
        {"first_day": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**wrong)


def test_hostile_text_is_text(cast: Cast) -> None:
    make_note(cast.team, cast.bob, '<script>alert("1")</script>\u202eturned')
    html = cast.client("vera").get(NOTES).content.decode()
    assert "<script>alert" not in html
    assert '<bdi class="note-text">&lt;script&gt;' in html

"""The form of a note reads days and clock times of the team, and says in words what it cannot take."""

from datetime import UTC, date, datetime

import pytest

from teams.models import Team
from usage.notes.forms import NoteForm

BERLIN = Team(name="Acme", time_zone="Europe/Berlin")
WORDS = {"text": "Black Friday mailing"}
FRIDAY = {"first_day": "2026-11-27"}


def form(**fields: str) -> NoteForm:
    return NoteForm(WORDS | fields, team=BERLIN)


def times(**fields: str) -> tuple[datetime, datetime]:
    read = form(**fields)
    assert read.is_valid(), read.errors
    return read.content.starts_at, read.content.ends_at


def refused(field: str, **fields: str) -> str:
    (words,) = form(**fields).errors[field]
    return str(words)


def test_a_day_is_a_local_one() -> None:
    read = form(**FRIDAY)
    assert read.is_valid()
    assert read.content.days == (date(2026, 11, 27), date(2026, 11, 27))
    assert times(**FRIDAY) == (datetime(2026, 11, 26, 23, tzinfo=UTC), datetime(2026, 11, 27, 23, tzinfo=UTC))


def test_the_last_day_is_included_also_where_it_has_25_hours() -> None:
    begin, end = times(first_day="2026-10-24", last_day="2026-10-25")
    assert (end - begin).total_seconds() == 49 * 3600


def test_a_time_makes_it_a_moment() -> None:
    at = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)
    assert times(**FRIDAY, first_time="14:30") == (at, at)


def test_two_times_make_it_a_span_of_one_day_or_more() -> None:
    begin, end = times(**FRIDAY, first_time="14:30", last_time="16:00")
    assert (end - begin).total_seconds() == 90 * 60
    begin, end = times(**FRIDAY, first_time="14:30", last_day="2026-11-28", last_time="14:30")
    assert (end - begin).total_seconds() == 24 * 3600


@pytest.mark.parametrize(
    ("field", "fields", "words"),
    [
        ("first_day", {"first_day": ""}, "Choose a day."),
        ("first_day", {"first_day": "24 Nov"}, "That is not a day. Write one such as 2026-11-24."),
        ("first_day", {"first_day": "1999-12-31"}, "Choose a day from 2000 to 2100."),
        ("last_day", FRIDAY | {"last_day": "9999-12-31"}, "Choose a day from 2000 to 2100."),
        ("last_day", FRIDAY | {"last_day": "2026-11-26"}, "The last day is before the first."),
        ("first_time", FRIDAY | {"first_time": "25:00"}, "That is not a time. Write one such as 14:30."),
        ("first_time", FRIDAY | {"last_time": "16:00"}, "Say from when, or leave out until when."),
        (
            "last_time",
            FRIDAY | {"first_time": "14:30", "last_day": "2026-11-28"},
            "Say until when on the last day, or leave out from when.",
        ),
        ("last_time", FRIDAY | {"first_time": "14:30", "last_time": "14:00"}, "It ends before it begins."),
        ("first_time", {"first_day": "2026-03-29", "first_time": "02:30"}, "Clocks skip 02:30 on that day."),
        ("text", FRIDAY | {"text": " \u202e\u200b\n "}, "Write what the others should know."),
        ("text", FRIDAY | {"text": "a" * 501}, "A note has 500 characters at most; this one has 1 more."),
    ],
)
def test_what_it_cannot_take_is_said_beside_the_field(field: str, fields: dict[str, str], words: str) -> None:
    assert refused(field, **fields) == words


def test_line_breaks_are_kept_and_count_once() -> None:
    read = form(**FRIDAY, text="  one \r\n\r\n\r\n\r\ntwo\rthree\r\n")
    assert read.is_valid()
    assert read.content.text == "one\n\ntwo\nthree"
    assert form(**FRIDAY, text="\r\n".join(["ab"] * 167)).is_valid()

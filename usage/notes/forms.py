"""The form of a note: a text, and the days or times that it is about."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from common.form_fields import DayField, is_visible
from teams.models import Team
from usage.models import Note
from usage.models.notes import LONGEST_TEXT
from usage.notes.content import Content, exists, instant, tidy

# As it is posted, before empty lines and blanks are left out.
LONGEST_RAW = 20 * LONGEST_TEXT


def time_field(label: str) -> forms.TimeField:
    """A native field for a clock time, which may be left empty."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(
        label=label,
        required=False,
        widget=widget,
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages={"invalid": "That is not a time. Write one such as 14:30."},
    )


class NoteForm(forms.Form):
    """A note: what to know, and of which days or times. Valid, it has `content`."""

    text = forms.CharField(
        label="Note",
        max_length=LONGEST_RAW,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_TEXT}),
        error_messages={
            "required": "Write what the others should know.",
            "max_length": f"A note has {LONGEST_TEXT} characters at most.",
        },
    )
    first_day = DayField("First day")
    first_time = time_field("From")
    last_day = DayField("Last day", required=False)
    last_time = time_field("Until")

    def __init__(self, data: Any = None, *, team: Team, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.zone = team.zone
        self.fields["first_time"].help_text = "Without a time it is about whole days."
        self.fields["last_time"].help_text = f"Times are those of {team.time_zone}."

    @property
    def content(self) -> Content:
        """What was written, once the form is valid."""
        content: Content = self.cleaned_data["content"]
        return content

    def clean_text(self) -> str:
        """Keep line breaks, without empty lines in a row and what nobody sees at the ends."""
        text = tidy(self.cleaned_data["text"])
        if not is_visible(text):
            raise forms.ValidationError("Write what the others should know.")
        if len(text) > LONGEST_TEXT:
            over = len(text) - LONGEST_TEXT
            raise forms.ValidationError(
                f"A note has {LONGEST_TEXT} characters at most; this one has {over} more."
            )
        return text

    def clean(self) -> dict[str, Any]:
        """Read the four fields into one time."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            data["content"] = self._read(data)
        return data

    def _read(self, data: Mapping[str, Any]) -> Content:
        first, last = data["first_day"], data["last_day"] or data["first_day"]
        begins, ends = data["first_time"], data["last_time"]
        if last < first:
            raise forms.ValidationError({"last_day": "The last day is before the first."})
        if begins is None and ends is None:
            return Content.of_days(data["text"], first, last, self.zone)
        if begins is None:
            raise forms.ValidationError({"first_time": "Say from when, or leave out until when."})
        if ends is None and last > first:
            raise forms.ValidationError(
                {"last_time": "Say until when on the last day, or leave out from when."}
            )
        return self._of_times(data["text"], (first, begins), (last, ends or begins))

    def _of_times(self, text: str, begin: tuple[date, time], end: tuple[date, time]) -> Content:
        places = (("first_time", begin), ("last_time", end))
        for field, (day, clock) in places:
            if not exists(day, clock, self.zone):
                raise forms.ValidationError({field: f"Clocks skip {clock:%H:%M} on that day."})
        starts_at, ends_at = (instant(day, clock, self.zone) for _, (day, clock) in places)
        if ends_at < starts_at:
            raise forms.ValidationError({"last_time": "It ends before it begins."})
        return Content(text, starts_at, ends_at)


def initial_of(note: Note, zone: ZoneInfo) -> dict[str, Any]:
    """What stands in the form of a note that is there."""
    if note.is_of_days:
        last = note.last_day if note.last_day != note.first_day else None
        return {"text": note.text, "first_day": note.first_day, "last_day": last}
    starts, ends = note.starts_at.astimezone(zone), note.ends_at.astimezone(zone)
    found = {"text": note.text, "first_day": starts.date(), "first_time": starts.time()}
    if ends == starts:
        return found
    last = ends.date() if ends.date() != starts.date() else None
    return found | {"last_day": last, "last_time": ends.time()}


def proposed(query: Mapping[str, str], today: date) -> dict[str, Any]:
    """What stands in an empty form: the days that the address names where it does, else today."""
    first = read_day(query.get("start", "")) or today
    last = read_day(query.get("end", ""))
    return {"first_day": first, "last_day": last if last and last > first else None}


def read_day(text: str) -> date | None:
    """A day of an address; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

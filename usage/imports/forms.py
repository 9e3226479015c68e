"""The forms of imports: a file, or past days of keys."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from common.form_fields import DayField
from common.templatetags.names import isolated, without_controls
from common.templatetags.numbers import file_size
from usage.ledger.grid import ONE_DAY
from usage.models import Meter

MOST_DAYS = 366
USUAL_DAYS = 90


class FileForm(forms.Form):
    """A file of history, and whose it is where it does not say so."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=(
            "A CSV file such as Usage exports it, by key or by key and model: with columns start, end, key, "
            "model, and tokens, requests, or cost with its currency. "
            "Times without an offset are of the team’s time zone."
        ),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    key = forms.TypedChoiceField(
        label="Key",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Whose numbers these are, where the file has no column for it.",
    )

    def __init__(self, meters: Sequence[Meter], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self._meters = {meter.pk: meter for meter in meters}
        self.fields["key"].choices = [("", "As the file says"), *_choices(meters)]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse a file that is too large, in words: whoever sends it past the page hears them too."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > settings.MAX_IMPORT_BYTES:
            raise forms.ValidationError(too_large())
        return file

    @property
    def meter(self) -> Meter | None:
        """Whose the rows are that name no key, once the form is valid."""
        return self._meters.get(self.cleaned_data["key"])

    @property
    def name(self) -> str:
        """What the file is called, once the form is valid."""
        return without_controls(str(self.cleaned_data["file"].name))


class DaysForm(forms.Form):
    """Past days of one key, or of all."""

    key = forms.TypedChoiceField(label="Key", required=False, coerce=int, empty_value=None)
    first = DayField("First day")
    last = DayField("Last day", help_text="Each key is asked once for each month, within its limits.")

    def __init__(self, meters: Sequence[Meter], yesterday: date, data: Any = None) -> None:
        initial = {"first": yesterday - (USUAL_DAYS - 1) * ONE_DAY, "last": yesterday}
        super().__init__(data, initial=initial)
        self._meters, self._yesterday = {meter.pk: meter for meter in meters}, yesterday
        self.fields["key"].choices = [("", f"All keys ({len(meters)})"), *_choices(meters)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for days that are over, in order, and not too many."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if last and last > self._yesterday:
            self.add_error("last", "That day is not over yet.")
        elif first and last and last < first:
            self.add_error("last", "The last day is before the first.")
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("first", f"At most {MOST_DAYS} days are asked for at once.")
        return data

    @property
    def meters(self) -> list[Meter]:
        """Whom to ask, once the form is valid."""
        chosen = self.cleaned_data["key"]
        return [self._meters[chosen]] if chosen else list(self._meters.values())


def too_large() -> str:
    """Why a file is not taken, and what to do."""
    most = file_size(settings.MAX_IMPORT_BYTES)
    return f"A file is at most {most}. Export a longer step or fewer days, and import it in parts."


def _choices(meters: Sequence[Meter]) -> list[tuple[int, str]]:
    return [(meter.pk, isolated(meter.title)) for meter in meters]

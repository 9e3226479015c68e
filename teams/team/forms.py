"""The forms of teams: their settings, another one, and the end of one."""

from typing import Any

from django import forms

from common.form_fields import NameField
from common.zones import zone_names
from teams.models import Team, Weekday

MOST_DAYS = 3_650
ZONE_FIELD = {"attrs": {"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}}


def zone(label: str, help_text: str) -> forms.CharField:
    """Return a field for a time zone's name; the page brings the list to choose from."""
    return forms.CharField(
        label=label,
        max_length=64,
        help_text=help_text,
        validators=[known_zone],
        widget=forms.TextInput(**ZONE_FIELD),
    )


def known_zone(value: str) -> None:
    """Refuse what the time zone database does not know."""
    if value not in zone_names():
        raise forms.ValidationError("Choose a time zone of the list, such as Europe/Berlin.")


class BrowserZone(forms.CharField):
    """A time zone as a browser names it; UTC where it names none, or one that is not known here."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, initial="UTC", required=False, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the zone's name."""
        name: str = super().clean(value)
        return name if name in zone_names() else "UTC"


class TeamForm(forms.Form):
    """A team's settings."""

    name = NameField(label="Team name", max_length=80)
    time_zone = zone("Time zone", "Days, weeks and months of charts and reports begin here.")
    week_start = forms.TypedChoiceField(
        label="Weeks begin on",
        choices=Weekday.choices,
        coerce=int,
        required=False,
        help_text="For “this week” and for bars of a week each.",
    )
    quota_time_zone = zone(
        "Quota time zone", "Where the provider's day begins for daily limits; UTC unless it says otherwise."
    )
    keep_prompts_days = forms.IntegerField(
        label="Keep prompts and answers for (days)",
        min_value=0,
        max_value=MOST_DAYS,
        help_text="Older ones are erased; their numbers stay. 0 keeps everything.",
    )
    keep_raw_lines_days = forms.IntegerField(
        label="Keep raw lines for (days)",
        min_value=0,
        max_value=MOST_DAYS,
        required=False,
        help_text="What the API sent for a run, line by line. 0 keeps them as long as the answers.",
    )

    def clean_week_start(self) -> int:
        """Leave it as it is where a form of before says nothing of it."""
        given = self.cleaned_data["week_start"]
        return self.initial.get("week_start", 0) if given == "" else given

    def clean_keep_raw_lines_days(self) -> int:
        """Leave it as it is where nothing is said of it."""
        given: int | None = self.cleaned_data["keep_raw_lines_days"]
        return self.initial.get("keep_raw_lines_days", 0) if given is None else given


class NewTeamForm(forms.Form):
    """Another team."""

    name = NameField(label="Team name", max_length=80)
    time_zone = BrowserZone(widget=forms.HiddenInput)


class DeleteTeamForm(forms.Form):
    """The name once more, so that nobody deletes a team by a slip."""

    name = forms.CharField(label="Type the team's name", strip=True)

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data)
        self.team = team

    def clean_name(self) -> str:
        """Compare the name letter by letter."""
        name: str = self.cleaned_data["name"]
        if name != self.team.name:
            raise forms.ValidationError(f"That is not the name: it is {self.team.name}.")
        return name

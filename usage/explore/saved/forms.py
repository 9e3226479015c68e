"""The forms of a saved view: its name, and for whom it is."""

from typing import Any

from django import forms

from common.form_fields import NameField
from usage.models.saved_views import LONGEST_NAME

TEAM, PERSON = "team", "me"


class NameForm(forms.Form):
    """What a view is called."""

    name = NameField(
        label="Name",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Give it a name.",
            "max_length": f"A name has {LONGEST_NAME} characters at most.",
        },
    )

    def clean_name(self) -> str:
        """One line with single spaces."""
        return " ".join(self.cleaned_data["name"].split())


class SaveForm(NameForm):
    """A new view; who may not save for the team is not asked for whom it is."""

    whose = forms.ChoiceField(
        label="For",
        choices=[(PERSON, "Only me"), (TEAM, "The whole team")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for whom it is."},
    )

    def __init__(self, data: Any = None, *, may_share: bool) -> None:
        super().__init__(data, initial={"whose": PERSON})
        if not may_share:
            del self.fields["whose"]

    @property
    def is_of_team(self) -> bool:
        """Tell whether it is for the whole team, once the form is valid."""
        return self.cleaned_data.get("whose") == TEAM

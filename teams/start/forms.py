"""The form of the first start."""

from django import forms

from common.form_fields import NameField
from teams.keys.forms import KeyForm
from teams.sign_in.forms import AccountForm
from teams.team.forms import BrowserZone


class SetupForm(AccountForm, KeyForm):
    """The first start on one page: owner, team, key."""

    team_name = NameField(
        label="Team name", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    time_zone = BrowserZone(label="Time zone")

    field_order = ("email", "password", "team_name", "time_zone")

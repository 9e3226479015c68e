"""The form of a new token."""

from django import forms

from common.form_fields import NameField
from teams.tokens.scopes import TokenScope

DAYS = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "1 year")]


class TokenForm(forms.Form):
    """What a token is for, what it may read, and how long."""

    name = NameField(label="Name", max_length=80, help_text="What uses it, such as “Monday's spreadsheet”.")
    days = forms.TypedChoiceField(label="Valid for", choices=DAYS, coerce=int, initial="90")
    scopes = forms.MultipleChoiceField(
        label="May read",
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what it may read."},
    )

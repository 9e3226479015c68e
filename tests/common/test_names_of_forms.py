"""What people call something is a line, whatever is posted."""

from typing import Any

import pytest
from django import forms

from common.form_fields import NameField
from playground.editor.views.conversations import TitleForm
from teams.keys.forms import KeyForm
from teams.keys.settings_form import KeySettingsForm
from teams.members.forms import JoinForm
from teams.start.forms import SetupForm
from teams.team.forms import NewTeamForm, TeamForm
from teams.tokens.forms import TokenForm
from usage.explore.saved.forms import NameForm

NAMES = {
    KeyForm: ["key_name"],
    KeySettingsForm: ["name", "project", "labels"],
    TeamForm: ["name"],
    NewTeamForm: ["name"],
    SetupForm: ["team_name", "key_name"],
    JoinForm: ["name"],
    TokenForm: ["name"],
    NameForm: ["name"],
    TitleForm: ["title"],
}


@pytest.mark.parametrize(("form", "name"), [(form, name) for form, names in NAMES.items() for name in names])
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\n=1+1", "a =1+1"),
        ("a\x1b[31mb", "a [31mb"),
        ("\ta\x85b\u2028c\n", "a b c"),
        ("产 é, b", "产 é, b"),
    ],
)
def test_a_name_is_a_line(form: Any, name: str, typed: str, kept: str) -> None:
    field = form.base_fields[name]
    assert isinstance(field, NameField)
    assert field.clean(typed) == kept


def test_a_name_of_nothing_but_line_ends_is_none() -> None:
    with pytest.raises(forms.ValidationError):
        NameField().clean("\r\n\x1b")


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e \u2066", "\xa0\ufeff", "\u2060\x1b"])
def test_a_name_of_which_nothing_can_be_seen_is_none(unseen: str) -> None:
    with pytest.raises(forms.ValidationError):
        NameField().clean(unseen)
    assert NameField(required=False).clean(unseen) == ""

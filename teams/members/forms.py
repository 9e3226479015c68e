"""The forms of those who invite, and of those who come by an invitation."""

from typing import Any

from django import forms

from common.form_fields import NameField
from teams.members.deeds import roles_given_by
from teams.models import Invitation, Membership, Role, User
from teams.sign_in.forms import AccountForm


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    role = forms.ChoiceField(label="Role", initial=Role.MEMBER.value)
    email = forms.EmailField(
        label="Email", required=False, help_text="With an address, only this person can use the link."
    )

    def __init__(self, data: Any = None, *, actor: Membership) -> None:
        super().__init__(data)
        roles = [(role.value, role.label) for role in roles_given_by(actor)]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class JoinForm(AccountForm):
    """A new person's account, made from an invitation."""

    name = NameField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    field_order = ("email", "name", "password")

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"email": invitation.email})
        if invitation.email:
            self.fields["email"].disabled = True

    def clean_email(self) -> str:
        """Send whoever has an account to the sign-in."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("There is an account with this address. Sign in first.")
        return email

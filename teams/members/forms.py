"""The forms of those who invite, and of those who come by an invitation."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from teams.members.deeds import roles_given_by
from teams.models import Invitation, Membership, Role, User


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


class JoinForm(forms.Form):
    """A new person's account, made from an invitation."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters.",
    )

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

    def clean_password(self) -> str:
        """Hold the password to the rules of AUTH_PASSWORD_VALIDATORS."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password

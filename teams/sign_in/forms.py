"""The form of a new account: the address, and a password that may be one."""

from django import forms
from django.contrib.auth.password_validation import validate_password

from teams.models import User


class AccountForm(forms.Form):
    """What somebody signs in with from now on."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters.",
    )

    def clean_password(self) -> str:
        """Hold the password to the rules of AUTH_PASSWORD_VALIDATORS; it may not resemble the address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password

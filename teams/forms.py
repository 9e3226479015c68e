"""The forms of first start and keys."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password

from teams.keys.checks import KeyCheck, check_key_now
from teams.keys.deeds import KeyDetails
from teams.models import KeyLimits, Plan, Team, User

SIMULATOR_SECRET = "rax_demo_pro"  # noqa: S105  the simulator's documented key, no secret
# Far above any plan, and within the columns of every database.
MOST_REQUESTS = 1_000_000
MOST_TOKENS = 10**15


def limit(label: str, most: int) -> forms.IntegerField:
    """Return a field for a limit; empty means none."""
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False)


class KeyForm(forms.Form):
    """A provider's key with its plan; `clean` asks the provider whether it takes the key."""

    key_name = forms.CharField(label="Key name", max_length=80)
    secret = forms.CharField(
        label="API key",
        max_length=512,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "placeholder": "rax_…", "spellcheck": "false"}
        ),
        help_text="Stored encrypted, and never shown again.",
    )
    base_url = forms.CharField(
        label="API address",
        max_length=300,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}),
    )
    plan = forms.ChoiceField(
        label="Plan",
        choices=Plan.choices,
        help_text="Free: 60 requests a minute, 100,000 tokens a day. Pro: 600 requests a minute.",
    )
    requests_per_minute = limit("Requests a minute", MOST_REQUESTS)
    tokens_per_day = limit("Tokens a day", MOST_TOKENS)
    tokens_per_period = limit("Tokens a billing period", MOST_TOKENS)

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        self.check = KeyCheck()
        self.fields["base_url"].initial = settings.RAX_BASE_URL
        self.fields["key_name"].initial = self.free_name("Main key")

    @property
    def wants_simulator(self) -> bool:
        """Tell whether "Use the local simulator" was pressed."""
        return bool(settings.SIMULATOR_URL) and "use_simulator" in self.data

    def full_clean(self) -> None:
        """Ask for nothing about the key where the simulator's own is used."""
        if self.is_bound and self.wants_simulator:
            for name in ("key_name", "secret", "base_url", "plan"):
                self.fields[name].required = False
        super().full_clean()

    def clean_key_name(self) -> str:
        """Refuse a name that another key of the team has."""
        name = self.cleaned_data["key_name"]
        if self.wants_simulator:
            return name  # it is not used
        if self.team and self.team.keys.filter(name=name).exists():
            raise forms.ValidationError(f"There is a key named {name} already. Choose another name.")
        return name

    def clean(self) -> dict[str, Any]:
        """Check the key live, but only when everything else is right."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        details = self.key_details()
        self.check = check_key_now(details.secret, details.base_url)
        if self.check.problem and self.wants_simulator:
            self.add_error(None, "The local simulator does not answer. Is it running?")
        elif self.check.problem:
            self.add_error(self.check.field, self.check.problem)
        return cleaned

    def key_details(self) -> KeyDetails:
        """Return the key as it will be saved."""
        data = self.cleaned_data
        if self.wants_simulator:
            name = self.free_name("Simulator")
            given = (name, SIMULATOR_SECRET, settings.SIMULATOR_URL, Plan.PRO)
            return KeyDetails(*given, models=self.check.models)
        own = KeyLimits(data["requests_per_minute"], data["tokens_per_day"], data["tokens_per_period"])
        given = (data["key_name"], data["secret"], data["base_url"], data["plan"])
        return KeyDetails(*given, own, self.check.models)

    def free_name(self, name: str) -> str:
        """Return `name`, numbered where the team has a key of that name."""
        taken = set(self.team.keys.values_list("name", flat=True)) if self.team else set()
        names = (name if number == 1 else f"{name} {number}" for number in range(1, len(taken) + 2))
        return next(candidate for candidate in names if candidate not in taken)


class SetupForm(KeyForm):
    """The first start on one page: owner, team, key."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters.",
    )
    team_name = forms.CharField(
        label="Team name", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    time_zone = forms.CharField(label="Time zone", max_length=64, initial="UTC", required=False)

    field_order = ("email", "password", "team_name", "time_zone")

    def clean_password(self) -> str:
        """Hold the password to the rules of AUTH_PASSWORD_VALIDATORS; it may not resemble the address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password

    def clean_time_zone(self) -> str:
        """Fall back to UTC where the browser names a zone that is not known here."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in available_timezones() else "UTC"

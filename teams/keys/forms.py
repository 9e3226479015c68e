"""The forms that take a secret: a new key, and another secret for one. The provider is asked about both."""

from typing import Any

from django import forms
from django.conf import settings

from common.form_fields import NameField
from teams.keys.checks import KeyCheck, check_key_now
from teams.keys.deeds import KeyDetails
from teams.models import KeyLimits, Plan, Team

SIMULATOR_SECRET = "rax_demo_pro"  # noqa: S105  the simulator's documented key, no secret
# Far above any plan, and within the columns of every database.
MOST_REQUESTS = 1_000_000
MOST_TOKENS = 10**15


def limit(label: str, most: int) -> forms.IntegerField:
    """Return a field for a limit; empty means none."""
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False)


class KeyForm(forms.Form):
    """A provider's key with its plan; `clean` asks the provider whether it takes the key."""

    key_name = NameField(label="Key name", max_length=80)
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


class SecretForm(forms.Form):
    """Another secret for a key, at the same or another address; `clean` asks the provider."""

    base_url = forms.CharField(label="API address", max_length=300)
    secret = forms.CharField(
        label="API key",
        max_length=512,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "placeholder": "rax_…"}),
        help_text="A stored key never goes to another address: with a new address it must be typed again.",
    )

    def clean(self) -> dict[str, Any]:
        """Check the key live."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.check = check_key_now(cleaned["secret"], cleaned["base_url"])
            if self.check.problem:
                self.add_error(self.check.field, self.check.problem)
        return cleaned

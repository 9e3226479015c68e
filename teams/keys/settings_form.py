"""The form of one key: everything that the team says about it."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from common.form_fields import NameField
from teams.acts import TeamAct
from teams.keys.deeds import FROM_TODAY, SINCE_ALWAYS, KeySettings
from teams.keys.forms import MOST_REQUESTS, MOST_TOKENS, limit
from teams.keys.member_fields import OneOfMany, one_of, proposed, some_of
from teams.models import (
    DEADLINES,
    MOST_SECONDS,
    Key,
    KeyLimits,
    Membership,
    Plan,
    Terms,
    User,
    installed_timeouts,
)
from teams.models.attributes import LONGEST_LABEL, folded

MOST_LABELS = 20
# The id of the list of people who may be meant by what is typed as the owner.
OWNER_NAMES = "member-names"
LIMITS = ("requests_per_minute", "tokens_per_day", "tokens_per_period")


def seconds(label: str, name: str) -> forms.IntegerField:
    """Return a field for a deadline; empty means as everywhere, which it shows."""
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_SECONDS[name], required=False)


class KeySettingsForm(forms.Form):
    """Everything about a key but its secret."""

    owner_names = OWNER_NAMES

    name = NameField(label="Key name", max_length=80)
    project = NameField(label="Project", max_length=80, required=False)
    labels = NameField(
        label="Labels",
        max_length=800,
        required=False,
        help_text="Separated by commas, such as “support, batch”.",
    )
    plan = forms.ChoiceField(label="Plan", choices=Plan.choices)
    requests_per_minute = limit("Requests a minute", MOST_REQUESTS)
    tokens_per_day = limit("Tokens a day", MOST_TOKENS)
    tokens_per_period = limit("Tokens a billing period", MOST_TOKENS)
    valid = forms.ChoiceField(
        label="Valid",
        choices=[(FROM_TODAY, "From today"), (SINCE_ALWAYS, "Since always (correct the past)")],
        required=False,
        widget=forms.RadioSelect,
        help_text="Usage counts under the owner, project, labels and plan of its day; "
        "“Since always” corrects what you change here for all earlier days too.",
    )
    connect_seconds = seconds("Connect", "connect_seconds")
    first_token_seconds = seconds("First token", "first_token_seconds")
    between_tokens_seconds = seconds("Between tokens", "between_tokens_seconds")
    whole_seconds = seconds("Whole answer", "whole_seconds")
    spending = forms.ChoiceField(
        label="Who may spend on it",
        choices=[("everyone", "Every member"), ("listed", "Only these people")],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, key: Key) -> None:
        super().__init__(data, initial=initial_settings(key))
        self.key = key
        members = Membership.objects.filter(team=key.team_id).select_related("user").order_by("user__email")
        words = "Who answers for it."
        self.fields["owner"] = one_of(members, OWNER_NAMES, label="Owner", help_text=words)
        self.fields["spenders"] = some_of(members.who_may(TeamAct.SPEND), label="These people")
        everywhere = installed_timeouts()
        for name in DEADLINES:
            self.fields[name].widget.attrs["placeholder"] = f"{getattr(everywhere, name):.0f}"

    @property
    def owner_is_typed(self) -> bool:
        """Tell whether there are too many people for a menu of owners."""
        return isinstance(self.fields["owner"], OneOfMany)

    @property
    def has_deadlines(self) -> bool:
        """Tell whether the key has deadlines of its own, or what was typed as one is wrong."""
        return any(self[name].value() or self[name].errors for name in DEADLINES)

    @property
    def proposed(self) -> list[User]:
        """Return the people who are proposed as owner before anything is typed."""
        return proposed(self.key.team, "")

    def clean_name(self) -> str:
        """Refuse a name that another key of the team has."""
        name: str = self.cleaned_data["name"]
        if Key.objects.filter(team=self.key.team_id, name=name).exclude(pk=self.key.pk).exists():
            raise forms.ValidationError(f"There is a key named {name} already. Choose another name.")
        return name

    def clean_labels(self) -> list[str]:
        """Return the labels in order, each once, whatever its case."""
        words = (" ".join(part.split()) for part in self.cleaned_data["labels"].split(","))
        labels = list({folded(word): word for word in words if word}.values())
        if len(labels) > MOST_LABELS:
            raise forms.ValidationError(f"A key has at most {MOST_LABELS} labels.")
        for label in labels:
            MaxLengthValidator(LONGEST_LABEL)(label)
        return labels

    def settings(self) -> KeySettings:
        """Return the key's settings as they will be saved."""
        data = self.cleaned_data
        return KeySettings(
            name=data["name"],
            owner=data["owner"].user if data["owner"] else None,
            project=data["project"],
            labels=data["labels"],
            terms=Terms.of(data["plan"], KeyLimits(**{name: data[name] for name in LIMITS})),
            deadlines={name: data[name] for name in DEADLINES},
            spenders=list(data["spenders"]) if data["spending"] == "listed" else None,
            valid=data["valid"] or FROM_TODAY,
        )


def initial_settings(key: Key) -> dict[str, Any]:
    """Return the key's settings as its form shows them."""
    owner = Membership.objects.filter(team=key.team_id, user=key.owner_id)
    plain = {name: getattr(key, name) for name in ("name", "project", "plan", *LIMITS, *DEADLINES)}
    return plain | {
        "owner": owner.values_list("pk", flat=True).first(),
        "labels": ", ".join(label.name for label in key.labels),
        "valid": FROM_TODAY,
        "spending": "listed" if key.only_spenders else "everyone",
        "spenders": list(key.spenders.values_list("pk", flat=True)),
    }

"""Fields that name members: menus of some people; of many the addresses are proposed and typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.fields import Field

from common.filters import Search
from teams.models import Membership, Team, User
from teams.models.people import MembershipQuerySet

# Of more people a menu is no choice but a search.
LONGEST_MENU = 100
# How many unknown addresses an error names.
MOST_NAMED = 3
LONGEST_LIST = 200_000
PROPOSED = 20
# What is typed of a person who may be meant.
WORDS = Search("owner", "Name or email address")


class OneOfSome(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """One member, or nobody, from a menu."""

    def label_from_instance(self, obj: Any) -> str:
        """Show the person's name."""
        return str(obj.user)


class SomeOfSome(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """Any number of members, each with a box to check."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Show the person's name and role."""
        return f"{obj.user} ({obj.get_role_display().lower()})"


class OneOfMany(forms.CharField):
    """One member, or nobody, by their address; initially the id of one."""

    def __init__(self, members: MembershipQuerySet, proposals: str, **kwargs: Any) -> None:
        attrs = {"list": proposals, "autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs), max_length=254, **kwargs)
        self.members = members

    def prepare_value(self, value: Any) -> Any:
        """Show the address of the initial member."""
        return addresses(self.members.filter(pk=value)) if isinstance(value, int) else value

    def clean(self, value: Any) -> Membership | None:
        """Return the member of this address. Raises `ValidationError` where there is none."""
        address = super().clean(value)
        member = self.members.addressed([address]).first()
        if address and not member:
            raise forms.ValidationError(f"Nobody of the team has the address {address}.")
        return member


class SomeOfMany(forms.CharField):
    """Any number of members by their addresses, one a line; initially a list of ids."""

    def __init__(self, members: MembershipQuerySet, **kwargs: Any) -> None:
        attrs = {"rows": 6, "autocomplete": "off", "spellcheck": "false"}
        super().__init__(widget=forms.Textarea(attrs), max_length=LONGEST_LIST, **kwargs)
        self.members = members

    def prepare_value(self, value: Any) -> Any:
        """Show the addresses of the initial members."""
        return addresses(self.members.filter(pk__among=value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Membership]:
        """Return the members of these addresses. Raises `ValidationError` where one of them is nobody's."""
        given = {address.lower() for address in super().clean(value).replace(",", " ").split()}
        found = list(self.members.addressed(given))
        if missing := sorted(given - {member.user.email for member in found}):
            named = ", ".join(missing[:MOST_NAMED])
            more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
            raise forms.ValidationError(f"Nobody who may spend has the address {named}{more}.")
        return found


def addresses(members: Iterable[Membership]) -> str:
    """Return the addresses of members, one a line."""
    return "\n".join(member.user.email for member in members)


def are_many(members: MembershipQuerySet) -> bool:
    """Tell whether there are more members than a menu can show."""
    return len(members.values_list("pk")[: LONGEST_MENU + 1]) > LONGEST_MENU


def one_of(members: MembershipQuerySet, proposals: str, **kwargs: Any) -> Field:
    """Return the field of one member; `proposals` is the id of the list of addresses that may be meant."""
    if are_many(members):
        kwargs["help_text"] = (
            f"{kwargs.get('help_text', '')} Type a part of the name or email address.".strip()
        )
        return OneOfMany(members, proposals, required=False, **kwargs)
    return OneOfSome(members, empty_label="Nobody", required=False, **kwargs)


def some_of(members: MembershipQuerySet, **kwargs: Any) -> Field:
    """Return the field of any number of members."""
    if are_many(members):
        return SomeOfMany(members, help_text="Their email addresses, one a line.", required=False, **kwargs)
    return SomeOfSome(members, required=False, **kwargs)


def proposed(team: Team, words: str) -> list[User]:
    """Return some people of a team who have these words in their name or address."""
    members = Membership.objects.filter(team=team).matching(WORDS.read(words)).by_name()
    return [member.user for member in members.select_related("user")[:PROPOSED]]

"""Where a person starts in a team; the apps above may know something better than the playground."""

from collections.abc import Callable

from django.urls import reverse

from teams.models import Membership

# From a member to the address of the page that they start with; None for whoever has none.
type Finder = Callable[[Membership], str | None]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Ask `finder` too, once for each person who comes in by `/`."""
    if finder not in _finders:
        _finders.append(finder)


def start_page(member: Membership) -> str:
    """The address of the page that a member starts with."""
    found = (finder(member) for finder in _finders)
    return next(filter(None, found), None) or reverse("playground:index", args=[member.team.slug])

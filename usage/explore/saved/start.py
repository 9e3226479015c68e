"""Where a member starts: with a view of usage of their own, else with the team's unless they begin in the
playground, else elsewhere.
"""

from django.urls import reverse

from teams.models import Membership
from teams.start import start_pages
from usage.models import SavedView


def register() -> None:
    """Let `/` know."""
    start_pages.register(start_of)


def start_of(member: Membership) -> str | None:
    """The address of the usage page with the view that a member starts with."""
    if member.starts_in_playground:
        return None
    view = SavedView.objects.start_of(member)
    return f"{reverse('usage:usage', args=[member.team.slug])}?{view.address}" if view else None

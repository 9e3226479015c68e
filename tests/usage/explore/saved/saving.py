"""Saved views as rows, for tests that need some."""

from teams.models import Team, User
from usage.models import SavedView

VIEWS = "/t/acme/usage/views/"


def make_view(
    team: Team, owner: User | None, name: str = "Monday report", query: str = "by=key"
) -> SavedView:
    """Save a view, last in its list; of the team where it has no owner."""
    view = SavedView(team=team, owner=owner, query=query)
    view.call(name)
    view.place = SavedView.objects.beside(view).count()
    view.save()
    return view

"""The page that lists a team's keys: the app above that knows how they are doing shows it."""

from collections.abc import Callable

from django.http import HttpResponse

from teams.http import Request
from teams.permissions import Access

# From a request, and what it may, to the page.
type Shows = Callable[[Request, Access], HttpResponse]

_shows: list[Shows] = []


def register(shows: Shows) -> None:
    """Let the list be shown by this; who registers last shows it."""
    _shows[:] = [shows]


def show(request: Request, access: Access) -> HttpResponse:
    """Answer with the list of the team's keys."""
    (shows,) = _shows
    return shows(request, access)

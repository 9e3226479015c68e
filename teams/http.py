"""The request as our middleware leaves it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from teams.models import Membership, User


class Request(HttpRequest):
    """A request of a signed-in person, for views behind the login."""

    user: User
    htmx: HtmxDetails
    # Set by teams.permissions.get_access, read by the page's frame.
    membership: Membership

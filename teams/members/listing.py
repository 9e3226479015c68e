"""Who belongs to a team as pages show them: found by name or address, a page at a time."""

from collections.abc import Mapping

from common.filters import Search
from common.lists import ListAddress, ListPage
from teams.models import Membership, Team

PER_PAGE = 50
SEARCH = Search("q", "Name or email address")


def member_list(team: Team, query: Mapping[str, str]) -> ListPage[Membership]:
    """Return the page of members that a query names, by name."""
    address = ListAddress(query, SEARCH)
    members = Membership.objects.filter(team=team).matching(address["q"]).by_name()
    return address.page_of(members.select_related("user"), PER_PAGE)

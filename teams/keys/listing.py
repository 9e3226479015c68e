"""The team's keys as a page shows them: found by words, in an order, a page at a time."""

from collections.abc import Callable, Mapping

from common.filters import Filter, Search, order
from common.lists import ListAddress, ListPage
from teams.keys import notes
from teams.models import Key, Team
from teams.models.keys import KeyQuerySet

type Narrowed = Callable[[KeyQuerySet, ListAddress], KeyQuerySet]

PER_PAGE = 25
SEARCH = Search("q", "Name, owner, project or label")
ORDER = order(("state", "By state"), ("name", "By name"), ("newest", "Newest"))
ORDERED: dict[str, Callable[[KeyQuerySet], KeyQuerySet]] = {
    "state": KeyQuerySet.by_state,
    "name": KeyQuerySet.by_name,
    "newest": KeyQuerySet.newest_first,
}


def key_list(
    team: Team, query: Mapping[str, str], *filters: Filter, narrowed: Narrowed | None = None
) -> ListPage[Key]:
    """Return the page of keys that a query names, with owners, labels and notes; in a few queries.

    Apps above may bring more `filters`, and let the keys be `narrowed` by what the address says of those.
    """
    address = ListAddress(query, SEARCH, *filters, order=ORDER)
    keys = ORDERED[address["sort"]](Key.objects.for_team(team).matching(address["q"]))
    keys = narrowed(keys, address) if narrowed else keys
    page = address.page_of(keys.select_related("owner").with_labels(), PER_PAGE)
    notes.note(list(page))
    return page

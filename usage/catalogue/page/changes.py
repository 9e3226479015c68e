"""Everything that happened to a team's models, a page at a time, found by a model's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.database.together import Reading, ask, read, side_by_side
from common.filters import Search
from common.lists import ListAddress, ListPage
from teams.models import Team
from usage.catalogue.page.events import Cut, Event, happened, reading_cuts, reading_events
from usage.models import CatalogueModel

PER_PAGE = 50
SEARCH = Search("q", "Model")


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of what happened, the newest first."""

    page: ListPage[Any]
    events: Sequence[Event]
    has_several_addresses: bool
    cuts: Sequence[Cut]


def changes_of(team: Team, query: Mapping[str, str], now: datetime) -> Changes:
    """Read the address, and the events that it shows; a few queries."""
    address = ListAddress(query, SEARCH)
    cuts = read(reading_cuts(team))
    page = address.page_of(happened(team, now, cuts, address["q"]), PER_PAGE)
    events, several = read(side_by_side(reading_events(team, page), reading_is_several(team)))
    return Changes(page, events, several, cuts)


def reading_full(team: Team) -> Reading[list[str]]:
    """The addresses of which as many models are kept as are; one step."""
    full = yield from ask(CatalogueModel.objects.filter(team=team).full())
    return [row["base_url"] for row in full]


def reading_is_several(team: Team) -> Reading[bool]:
    """Tell whether a team was offered models at more than one address; one step."""
    addresses = CatalogueModel.objects.filter(team=team).order_by().values_list("base_url").distinct()
    return len((yield from ask(addresses[:2]))) > 1

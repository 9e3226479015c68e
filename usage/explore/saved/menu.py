"""The menu of saved views on the usage page: which one is shown, and whether it was changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from django.http import QueryDict

from teams.models import Membership
from usage.explore.query.listing import Listing
from usage.explore.query.query import Query
from usage.explore.query.reader import read_query
from usage.explore.saved.deeds import act_of
from usage.models import SavedView

# The address of the page without any view: an empty one opens the start page.
PLAIN = "saved=none"


@dataclass(frozen=True, slots=True)
class Menu:
    """A member's views, the team's first; `opened` is the one that the page was opened with, or that asks
    what is shown; `shown` is the query that is shown.
    """

    views: Sequence[SavedView]
    opened: SavedView | None
    shown: str
    may_save: bool

    @classmethod
    def of(cls, member: Membership, asked: Query, views: Sequence[SavedView]) -> Self:
        """The menu of a member's views beside a question."""
        shown = canonical(asked)
        by_id = {str(view.pk): view for view in views}
        alike = next((view for view in views if view.query == shown), None)
        opened = by_id.get(asked.saved) or (alike if asked.saved != "none" else None)
        may_save = opened is not None and member.may(act_of(is_of_team=opened.is_of_team))
        return cls(views, opened, shown, may_save)

    @property
    def is_changed(self) -> bool:
        """Tell whether the question that is shown is not the one that the view holds."""
        return self.opened is not None and self.opened.query != self.shown

    @property
    def start(self) -> SavedView | None:
        """The view that the page opens with: the member's own start before the team's."""
        starts = [view for view in self.views if view.is_start]
        return min(starts, key=lambda view: view.is_of_team, default=None)

    @property
    def team_views(self) -> list[SavedView]:
        """The team's."""
        return [view for view in self.views if view.is_of_team]

    @property
    def own_views(self) -> list[SavedView]:
        """Those of the person."""
        return [view for view in self.views if not view.is_of_team]


def canonical(asked: Query) -> str:
    """A question in its one spelling, without the view that it was opened with and the order of its table."""
    return asked.changed(saved="", listing=Listing()).address()


def question_of(parts: QueryDict | Mapping[str, str]) -> Query:
    """The question that an address asks, or the nearest one."""
    values = dict(parts.lists()) if isinstance(parts, QueryDict) else dict(parts)
    return read_query(values)[0]

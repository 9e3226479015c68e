"""What the usage page looks up before it reads any number: saved views, models, and doubts about keys.

Three short lists that have nothing in common but the page that shows them: they are rows of one query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import BigIntegerField, Count, F, Value

from common.database.together import Reading, ask
from teams.models import Membership, Team
from teams.permissions import Access
from usage.acts import UsageAct
from usage.explore.reading.scope.series import Models
from usage.models import SavedView, SharingSuggestion, TeamModel

VIEW, MODEL, DOUBTS = "view", "model", "doubts"

# Which of the three, and the columns of all.
NOBODY = Value(None, output_field=BigIntegerField())
NOTHING = {"owner_of": NOBODY, "asks": Value(""), "at": Value(0), "starts": Value(False)}
VIEW_ROW = {
    "sort": Value(VIEW),
    "row": F("pk"),
    "called": F("name"),
    "owner_of": F("owner"),
    "asks": F("query"),
    "at": F("place"),
    "starts": F("is_start"),
}
MODEL_ROW = {"sort": Value(MODEL), "row": F("pk"), "called": F("model"), **NOTHING}
DOUBTS_ROW = {"sort": Value(DOUBTS), "row": Count("pk"), "called": Value(""), **NOTHING}


@dataclass(frozen=True, slots=True)
class Opening:
    """A member's saved views, the team's first; the team's models; and how many pairs of keys wait for a
    decision of theirs, none where they may not decide.
    """

    views: tuple[SavedView, ...]
    models: Models
    doubts: int

    @classmethod
    def read(cls, access: Access) -> Reading[Self]:
        """Look all of it up. One step."""
        rows = yield from ask(rows_of(access))
        views = sorted(filter(None, map(view_of, rows)), key=_place)
        models = sorted((row["row"], row["called"]) for row in rows if row["sort"] == MODEL)
        return cls(tuple(views), Models.of(models), sum(row["row"] for row in rows if row["sort"] == DOUBTS))


# Their columns are not those of a model: no checker knows them.
def rows_of(access: Access) -> Any:
    """The rows of all lists."""
    views = views_of(access.membership)
    others = [models_of(access.team)]
    if access.may(UsageAct.DECIDE_ACCOUNTS):
        others.append(doubts_of(access.team))
    return views.union(*others, all=True)


def views_of(member: Membership) -> Any:
    """A member's views as rows."""
    return SavedView.objects.for_member(member).kept().order_by().values(**VIEW_ROW)


def models_of(team: Team) -> Any:
    """The team's models as rows."""
    return TeamModel.objects.filter(team=team).values(**MODEL_ROW)


def doubts_of(team: Team) -> Any:
    """How many suggestions are open, as one row; none where there are none."""
    return SharingSuggestion.objects.filter(team=team).open().order_by().values(**DOUBTS_ROW)


def view_of(row: Mapping[str, Any]) -> SavedView | None:
    """A saved view of such a row, as the menu shows it."""
    if row["sort"] != VIEW:
        return None
    shown = {"query": row["asks"], "place": row["at"], "is_start": bool(row["starts"])}
    return SavedView(pk=row["row"], owner_id=row["owner_of"], name=row["called"], **shown)


def _place(view: SavedView) -> tuple[bool, int, int]:
    """Where a view stands in the list: the team's, then the member's own."""
    return not view.is_of_team, view.place, view.pk

"""What happened to the models, newest first: what each answer told anew, and which keys no longer see one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, Value
from django.db.models.functions import TruncDate
from django.utils.text import capfirst

from common.database.together import Reading, ask, side_by_side
from teams.models import Team
from usage.catalogue.words import changed_figure
from usage.models import CatalogueModel, ModelChange, ModelOffer

MOST_NAMES = 3
Kind = ModelChange.Kind
# A model that goes for all keys goes for each of them at about the same time.
SAME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a model: a change of its own, or some `keys` see it no more."""

    at: datetime
    model: CatalogueModel
    change: ModelChange | None = None
    keys: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """The keys that are named."""
        return self.keys[:MOST_NAMES]

    @property
    def others(self) -> int:
        """How many more there are."""
        return len(self.keys[MOST_NAMES:])

    @property
    def words(self) -> str:
        """What the change of the model was."""
        if self.change is None:
            return ""
        is_figure = self.change.kind == Kind.CHANGED
        return capfirst(changed_figure(self.change)) if is_figure else str(self.change.get_kind_display())


class Happened(NamedTuple):
    """An event as it is listed: a change of a model by its id, or 0 where keys of a day see it no more."""

    at: datetime
    change_id: int
    model_id: int


class Cut(NamedTuple):
    """Of the time before little is told of an address: when its models appeared, and what was typed."""

    base_url: str
    since: datetime


def reading_cuts(team: Team) -> Reading[list[Cut]]:
    """The addresses of which as many changes are kept as are; one step."""
    found = yield from ask(ModelChange.objects.cut(team))
    return [Cut(row["base_url"], row["since"]) for row in found]


def happened(team: Team, now: datetime, cuts: Iterable[Cut], words: str = "") -> Any:
    """All that happened to a team's models, or those with some words in their names, as far as it is kept:
    the newest first.
    """
    named = Q(model__name__icontains=words) if words else Q()
    changes = ModelChange.objects.filter(named, model__team=team).spoken_of(team.day_of(now)).order_by()
    lost = _lost(team).filter(named)
    for base_url, since in cuts:
        # Whether others went on to see a model is not known any more.
        lost = lost.exclude(model__base_url=base_url, until__lt=since + SAME)
    by_day = lost.values("model_id", day=_DAY).annotate(at=Max("until"))
    return (
        changes.values_list("at", "pk", "model_id")
        .union(by_day.values_list("at", Value(0), "model_id"), all=True)
        .order_by("-at", "-pk", "model_id")
    )


def reading_events(team: Team, rows: Iterable[tuple[datetime, int, int]]) -> Reading[list[Event]]:
    """The events that are listed so, in their order; one step."""
    listed = [Happened(*row) for row in rows]
    lost = [each for each in listed if not each.change_id]
    changed, models, keys = yield from side_by_side(
        ask(ModelChange.objects.filter(pk__among=[each.change_id for each in listed if each.change_id])),
        ask(CatalogueModel.objects.filter(pk__among={each.model_id for each in listed})),
        _reading_keys(team, lost),
    )
    by_id = {change.pk: change for change in changed}
    model_of = {model.pk: model for model in models}
    return [
        Event(
            each.at,
            model_of[each.model_id],
            by_id.get(each.change_id),
            keys.get((each.model_id, _day(each.at)), ()),
        )
        for each in listed
        # What went between two looks is no more.
        if each.model_id in model_of and (not each.change_id or each.change_id in by_id)
    ]


type KeysOf = Mapping[tuple[int, date], Sequence[str]]


def _reading_keys(team: Team, lost: Sequence[Happened]) -> Reading[KeysOf]:
    """The keys that saw models no more, by model and day (UTC); one step."""
    if not lost:
        return {}
    first, last = min(each.at for each in lost), max(each.at for each in lost)
    between = {"until__gte": first - SAME, "until__lte": last}
    ended = _lost(team).filter(model_id__among={each.model_id for each in lost}, **between)
    rows = yield from ask(ended.order_by("key__name", "pk").values_list("model_id", "until", "key__name"))
    found: dict[tuple[int, date], list[str]] = defaultdict(list)
    for model, until, name in rows:
        found[model, _day(until)].append(name)
    return found


_DAY = TruncDate("until", tzinfo=UTC)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _lost(team: Team) -> Any:
    """The offers that ended for single keys, which do not see the model again, while others went on to."""
    again = ModelOffer.objects.open().filter(key=OuterRef("key"), model=OuterRef("model"))
    near = {"at__gte": OuterRef("until") - SAME, "at__lte": OuterRef("until") + SAME}
    gone = ModelChange.objects.filter(model=OuterRef("model"), kind=Kind.DISAPPEARED, **near)
    ended = ModelOffer.objects.filter(model__team=team, until__isnull=False)
    return ended.filter(~Exists(again), ~Exists(gone.order_by())).order_by()

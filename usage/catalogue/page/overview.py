"""The models page as it is read: one page of models, what a team should know of all, and what happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from common.database.together import Reading, ask, read, side_by_side
from common.filters import Choice, Search
from common.lists import ListAddress, ListPage
from common.templatetags.numbers import grouped
from teams.models import Team
from usage.catalogue.page.changes import reading_full, reading_is_several
from usage.catalogue.page.events import Cut, Event, Kind, happened, reading_cuts, reading_events
from usage.catalogue.page.offered import Line, Scale, spans_of
from usage.catalogue.page.seen import Seen, reading_seen
from usage.catalogue.page.sentences import Gone, Retiring, gone, is_spoken_of, retiring
from usage.catalogue.page.unlisted import Unlisted, unlisted, unlisted_rows
from usage.catalogue.page.use import Lately, reading_lately
from usage.catalogue.page.weeks import Weeks, WeeksOf, reading_weeks
from usage.models import CatalogueModel, ModelChange, ModelOffer
from usage.models.catalogue import SPOKEN_OF

PER_PAGE = 25
# So many offers that ended are looked at, and so many of the newest events are shown.
MOST_ENDED = 200
NEWEST = 10
# So many of the models in no list are looked at for whether they are used.
MOST_UNLISTED = 50
SEARCH = Search("q", "Name")
STATES = (
    ("", "On offer or gone"),
    ("offered", "On offer"),
    ("gone", "Gone"),
    ("unlisted", "In no key's list"),
)
STATE = Choice("state", "State", STATES)


@dataclass(frozen=True, slots=True)
class Row:
    """A model with its line in time, who sees it, and what it was used for."""

    model: CatalogueModel
    line: Line
    seen: Seen
    weeks: Weeks
    today: date

    @property
    def window(self) -> str:
        """The context window; what keys are told where they are told different ones."""
        return _figures(self.seen.windows, self.model.context_window)

    @property
    def most_tokens(self) -> str:
        """The most tokens of an answer; the same."""
        return _figures(self.seen.most_tokens, self.model.max_tokens)

    @property
    def retires_on(self) -> date | None:
        """When it retires, where that is near enough to be shown."""
        day = self.model.retirement
        return day if is_spoken_of(day, self.today) else None


@dataclass(frozen=True, slots=True)
class Overview:
    """One page of a team's models, or of those that are `unlisted`; the sentences on all of them, and the
    newest events. `used_unlisted` are those that were used lately, `full` the addresses that may list more
    models than are kept, `cuts` those of which older events are not.
    """

    page: ListPage[Any]
    rows: Sequence[Row]
    unlisted: Sequence[Unlisted]
    used_unlisted: Sequence[str]
    gone: Sequence[Gone]
    retiring: Sequence[Retiring]
    events: Sequence[Event]
    has_more_events: bool
    has_several_addresses: bool
    full: Sequence[str]
    cuts: Sequence[Cut]

    @property
    def at_stake(self) -> list[Retiring]:
        """The models that retire soon and were used this week."""
        return [each for each in self.retiring if each.keys]

    @property
    def unused(self) -> list[Retiring]:
        """The models that retire soon though nobody used them this week."""
        return [each for each in self.retiring if not each.keys]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read of all models of a team."""

    gone: Sequence[CatalogueModel]
    retiring: Sequence[CatalogueModel]
    missed: Sequence[ModelOffer]
    lately: Lately
    typed_by: Mapping[int, str]
    unlisted: Sequence[str]


def overview(team: Team, query: Mapping[str, str], now: datetime) -> Overview:
    """Read the address, and all that the page says; a few queries, however many models and keys there are."""
    address = ListAddress(query, SEARCH, STATE)
    is_unlisted = address["state"] == "unlisted"
    listed = unlisted(team, address["q"]) if is_unlisted else _listed(team, address)
    page: ListPage[Any] = address.page_of(listed, PER_PAGE)
    models, names = ([], list(page)) if is_unlisted else (list(page), [])
    known, seen, weeks, (newest, has_more, cuts), moves, several, full = read(
        _reading(team, models, names, now)
    )
    return Overview(
        page,
        _rows(models, moves, seen, weeks, now, known.lately.today),
        unlisted_rows(names, known.lately, weeks),
        [name for name in known.unlisted if known.lately.anywhere(name)],
        gone(known.gone, known.missed, known.lately),
        retiring(known.retiring, known.typed_by, known.lately),
        newest,
        has_more,
        several,
        full,
        cuts,
    )


def _listed(team: Team, address: ListAddress) -> Any:
    models = CatalogueModel.objects.for_team(team)
    if words := address["q"]:
        models = models.filter(name__icontains=words)
    if state := address["state"]:
        models = models.filter(gone_at__isnull=state == "offered")
    return models


def _reading(
    team: Team, models: Sequence[CatalogueModel], names: Sequence[str], now: datetime
) -> Reading[tuple[Any, ...]]:
    moved = ModelChange.objects.filter(model_id__among=[model.pk for model in models]).order_by("at", "pk")
    return (
        yield from side_by_side(
            _reading_known(team, names, now),
            reading_seen(team, models),
            reading_weeks(team, now),
            _reading_newest(team, now),
            ask(moved),
            reading_is_several(team),
            reading_full(team),
        )
    )


def _reading_newest(team: Team, now: datetime) -> Reading[tuple[list[Event], bool, list[Cut]]]:
    """The newest events, whether there are more, and where they are cut; three steps."""
    cuts = yield from reading_cuts(team)
    rows = yield from ask(happened(team, now, cuts)[: NEWEST + 1])
    return (yield from reading_events(team, rows[:NEWEST])), len(rows) > NEWEST, cuts


def _reading_known(team: Team, names: Sequence[str], now: datetime) -> Reading[_Known]:
    """What is to be said of models, on whatever page they are, and of some names; three steps."""
    today = team.day_of(now)
    mine = CatalogueModel.objects.filter(team=team).order_by("name", "base_url")
    days = today - SPOKEN_OF, today + SPOKEN_OF
    near = Q(typed_retires_on__range=days) | Q(typed_retires_on=None, retires_on__range=days)
    missed = ModelOffer.objects.for_team(team).filter(model__gone_at=None).missed()
    went, soon, unseen, typed, unnamed = yield from side_by_side(
        ask(mine.exclude(gone_at=None)),
        ask(mine.filter(near, gone_at=None)),
        ask(missed.select_related("model", "key").defer("key__ciphertext")[:MOST_ENDED]),
        ask(_typed(team)),
        ask(unlisted(team)[:MOST_UNLISTED]),
    )
    spoken = [
        *names,
        *unnamed,
        *(model.name for model in (*went, *soon)),
        *(offer.model.name for offer in unseen),
    ]
    lately = yield from reading_lately(team, spoken, now)
    return _Known(went, soon, unseen, lately, dict(typed), unnamed)


def _typed(team: Team) -> Any:
    """(model, who typed when it retires), the newest last."""
    typed = ModelChange.objects.filter(model__team=team, field="typed_retires_on")
    return typed.order_by("at", "pk").values_list("model_id", "by")


def _rows(
    models: Sequence[CatalogueModel],
    changes: Iterable[ModelChange],
    seen: Mapping[int, Seen],
    weeks: WeeksOf,
    now: datetime,
    today: date,
) -> list[Row]:
    by_model: dict[int, list[ModelChange]] = {}
    for change in changes:
        by_model.setdefault(change.model_id, []).append(change)
    shown = {model.pk: model.retirement for model in models if is_spoken_of(model.retirement, today)}
    scale = Scale.of(now, [day for day in shown.values() if day])
    rows = []
    for model in models:
        own = by_model.get(model.pk, [])
        changed = [change.at for change in own if change.kind == Kind.CHANGED]
        line = Line(scale, spans_of(model, own), changed, shown.get(model.pk))
        rows.append(Row(model, line, seen[model.pk], weeks.of(model.name), today))
    return rows


def _figures(told: Iterable[int | None], last: int | None) -> str:
    """`8,192`; `8,192 or 32,768` where keys are told different ones; the last one where no key sees it."""
    values = sorted({each for each in told if each is not None})
    return " or ".join(f"{value:,}" for value in values) or grouped(last)

"""What is looked up of a team, once for however many questions a page asks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from common.database.together import Reading, ask, read, side_by_side
from teams.models import Team
from usage.explore.reading.periods.past import Past
from usage.explore.reading.scope.attributes import Attributes
from usage.explore.reading.scope.meter_rows import Alike, MeterRow, alike_rows, meter_rows
from usage.explore.reading.scope.people import People
from usage.explore.reading.scope.scope import Days, Scope
from usage.explore.reading.scope.series import Models
from usage.explore.reading.scope.settled import Settled
from usage.explore.reading.sums.stretches import Piece
from usage.models import Facts, Meter, Stretch, TeamModel

# From when to when, in microseconds.
type Within = tuple[int, int]


class Known:
    """What is looked up of a team once, for however many spans and groups a page asks about; some pages have
    its `models` at hand, or what its `past` is summed up to.
    """

    def __init__(self, team: Team, models: Models | None = None, past: Past | None = None) -> None:
        self._team, self._models, self.past = team, models, past
        self._meters: tuple[MeterRow, ...] | None = None
        self._alike: tuple[Alike, ...] | None = None
        self._facts: dict[frozenset[int], Facts] = {}
        self._pieces: dict[Within, list[Piece]] = {}
        self.scopes: dict[Any, Scope] = {}
        self._settled_days: Days | None = None
        self.settled = Settled()

    @cached_property
    def models(self) -> Models:
        """The team's models. One query, where they are not at hand."""
        if self._models is not None:
            return self._models
        found = TeamModel.objects.filter(team=self._team).order_by("pk")
        return Models.of(list(found.values_list("pk", "model")))

    @property
    def meters(self) -> tuple[MeterRow, ...]:
        """The team's meters, oldest first. One query, none where they were looked up before."""
        return read(self.look_up_meters())

    def look_up_meters(self) -> Reading[tuple[MeterRow, ...]]:
        """Look up the team's meters. One step, none where that was done before."""
        if self._meters is None:
            self._meters = tuple(map(MeterRow._make, (yield from ask(meter_rows(self._team)))))
        return self._meters

    @property
    def alike(self) -> Sequence[MeterRow | Alike]:
        """The same, those that are alike together. One query, none where they were looked up before."""
        return read(self.look_up_alike())

    def look_up_alike(self) -> Reading[Sequence[MeterRow | Alike]]:
        """Look up the team's meters where keys are not told apart. One step, none where that was done before,
        or each was looked up by itself.
        """
        if self._meters is not None:
            return self._meters
        if self._alike is None:
            found = map(Alike._make, (yield from ask(alike_rows(self._team))))
            self._alike = tuple(sorted(found, key=lambda one: one.pks))
        return self._alike

    @cached_property
    def meter_of_key(self) -> Mapping[UUID | None, int]:
        """The meter of each key that is still there. One query, none where meters were looked up before."""
        return {meter.key_id: meter.pk for meter in self.meters if meter.told_key}

    def look_up_settled(self, days: Days) -> Reading[None]:
        """Look up which of some days are settled. One step, none where that was looked up before."""
        if not self._is_within(days):
            self.settled, self._settled_days = (yield from Settled.read(self._team, days)), days

    def _is_within(self, days: Days) -> bool:
        known = self._settled_days
        return known is not None and known[0] <= days[0] and days[1] <= known[1]

    @cached_property
    def attributes(self) -> Attributes:
        """What the team wrote down of its keys, as it is asked for."""
        return Attributes(self._team)

    @cached_property
    def people(self) -> People:
        """What people are called."""
        return People(self._team)

    def look_at(self, spans: Iterable[Within]) -> Reading[None]:
        """Look up the stretches of several times. One step, none where these were looked at before."""
        new = [span for span in dict.fromkeys(spans) if span not in self._pieces]
        found = yield from side_by_side(*(pieces_within(self._team, span) for span in new))
        self._pieces |= zip(new, found, strict=True)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The stretches that have some time in [start, end). One query, where that was not looked at."""
        read(self.look_at([(start, end)]))
        return self._pieces[start, end]

    def look_up_facts(self, meters: Iterable[frozenset[int]], now: datetime) -> Reading[None]:
        """Look up what pages ask of some meters, or of others. One step, none where all of it is known."""
        new = [ids for ids in meters if ids not in self._facts]
        some = (Meter.objects.for_team(self._team).filter(pk__among=ids) for ids in new)
        found = yield from side_by_side(*(one.reading_facts(now) for one in some))
        self._facts |= zip(new, found, strict=True)

    def facts(self, meter_ids: frozenset[int], now: datetime) -> Facts:
        """What pages ask of some meters. One query, none where it was looked up before."""
        read(self.look_up_facts([meter_ids], now))
        return self._facts[meter_ids]


def pieces_of(team: Team, start: int, end: int) -> list[Piece]:
    """The stretches of a team that have some time in [start, end), by model. One query."""
    return read(pieces_within(team, (start, end)))


def pieces_within(team: Team, span: Within) -> Reading[list[Piece]]:
    """The same as a reading."""
    # As text: what a JSON field adds to each value costs more than to read it, and there may be thousands.
    amounts = Cast("amounts", TextField())
    stretches = Stretch.objects.for_team(team).overlapping(*span).order_by()
    rows = yield from ask(stretches.values_list("meter_id", "start", "end", "quality", amounts))
    return [
        Piece(meter_id, start, end, quality, orjson.loads(told))
        for meter_id, start, end, quality, told in rows
    ]

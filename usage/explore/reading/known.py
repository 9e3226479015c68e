"""What is looked up of a team, once for however many questions a page asks."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

import orjson
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from teams.models import Team
from usage.explore.reading.attributes import Attributes
from usage.explore.reading.people import People
from usage.explore.reading.scope import MeterRow, meter_rows
from usage.explore.reading.series import Models
from usage.explore.reading.stretches import Piece
from usage.models import Facts, Meter, Stretch, TeamModel

# From when to when, in microseconds.
type Within = tuple[int, int]


class Known:
    """What is looked up of a team once, for however many spans and groups a page asks about; some pages have
    its `models` at hand.
    """

    def __init__(self, team: Team, models: Models | None = None) -> None:
        self._team, self._models = team, models
        self._facts: dict[frozenset[int], Facts] = {}
        self._pieces: dict[Within, list[Piece]] = {}

    @cached_property
    def models(self) -> Models:
        """The team's models. One query, where they are not at hand."""
        if self._models is not None:
            return self._models
        found = TeamModel.objects.filter(team=self._team).order_by("pk")
        return Models.of(list(found.values_list("pk", "model")))

    @cached_property
    def meters(self) -> tuple[MeterRow, ...]:
        """The team's meters, oldest first. One query."""
        return tuple(meter_rows(self._team))

    @cached_property
    def attributes(self) -> Attributes:
        """What the team wrote down of its keys, as it is asked for."""
        return Attributes(self._team)

    @cached_property
    def people(self) -> People:
        """What people are called."""
        return People(self._team)

    def look_at(self, spans: Iterable[Within]) -> None:
        """Look up the stretches of several times at once. One query."""
        self._pieces |= pieces_within(self._team, [span for span in spans if span not in self._pieces])

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The stretches that have some time in [start, end). One query, where that was not looked at."""
        self.look_at([(start, end)])
        return self._pieces[start, end]

    def facts(self, meter_ids: frozenset[int], now: datetime) -> Facts:
        """What pages ask of some meters. One query."""
        if meter_ids not in self._facts:
            found = Meter.objects.for_team(self._team).filter(pk__among=meter_ids)
            self._facts[meter_ids] = found.facts(now)
        return self._facts[meter_ids]


def pieces_of(team: Team, start: int, end: int) -> list[Piece]:
    """The stretches of a team that have some time in [start, end), by model. One query."""
    return pieces_within(team, [(start, end)])[start, end]


def pieces_within(team: Team, spans: Iterable[Within]) -> dict[Within, list[Piece]]:
    """The same of several times. One query, none without any."""
    # As text: what a JSON field adds to each value costs more than to read it, and there may be thousands.
    amounts = Cast("amounts", TextField())
    spans = list(dict.fromkeys(spans))
    found: dict[Within, list[Piece]] = {span: [] for span in spans}
    rows = [
        Stretch.objects.for_team(team)
        .overlapping(*span)
        .order_by()
        .values_list(Value(number), "meter_id", "start", "end", "quality", amounts)
        for number, span in enumerate(spans)
    ]
    for number, meter_id, start, end, quality, told in rows[0].union(*rows[1:], all=True) if rows else ():
        found[spans[number]].append(Piece(meter_id, start, end, quality, orjson.loads(told)))
    return found

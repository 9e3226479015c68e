"""What one account used, quarter by quarter: of today by model, of thirty days in all, with its stretches."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, Sum

from common.database.together import Reading, ask, side_by_side
from usage.ledger import TOKENS
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds, moment
from usage.models import Meter, Quarter, Stretch
from usage.quota.day import QuotaDay


class Step(NamedTuple):
    """So many tokens were used between two instants, evenly as far as anybody knows."""

    start: datetime
    end: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What an account used over some days: in steps that follow each other, and of today by model."""

    steps: Sequence[Step]
    models: Mapping[str, int]

    def within(self, day: QuotaDay) -> Iterator[Step]:
        """The steps that lie within a day; of time that reaches over its edge nobody knows the spread."""
        return (step for step in self.steps if day.start <= step.start and step.end <= day.end)


def reading_moved(meter: Meter | None, since: datetime, day: QuotaDay) -> Reading[Moved]:
    """What an account used since some day's beginning; one step, none where there is no account."""
    if meter is None:
        return Moved((), {})
    first, today, last = (microseconds(at) // QUARTER for at in (since, day.start, day.end))
    rows = Quarter.objects.filter(series__meter=meter, series__metric=TOKENS, number__lte=last).order_by()
    moved = Sum(F("value") - F("opening"))
    quarters, models, stretches = yield from side_by_side(
        ask(rows.filter(number__gt=first).values_list("number").annotate(amount=moved)),
        ask(rows.filter(number__gt=today).values_list("series__model").annotate(amount=moved)),
        ask(Stretch.objects.of_meters([meter.pk]).overlapping(microseconds(since), microseconds(day.end))),
    )
    steps = [Step(_start(number), moment(number * QUARTER), int(amount)) for number, amount in quarters]
    by_model = Counter({model: int(amount) for model, amount in models})
    for stretch in stretches:
        steps.append(_step(stretch))
        if moment(stretch.start) >= day.start:
            by_model.update(stretch.amounts.get(TOKENS, {}))
    return Moved(sorted(steps), by_model)


def _start(number: int) -> datetime:
    return moment((number - 1) * QUARTER)


def _step(stretch: Stretch) -> Step:
    return Step(moment(stretch.start), moment(stretch.end), stretch.total(TOKENS))

"""What was used on each of the last quota days, and the limit that was valid on each of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from common.database.together import Reading, ask, side_by_side
from teams.models import Key, KeyAttributes, Team
from usage.claims import Amount, at_least, known
from usage.ledger import COVERAGE, TOKENS, Quality
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds
from usage.models import Calendar, Day, Meter, Quarter, Stretch
from usage.quota.day import QuotaDay, quota_day
from usage.quota.page.account_day import Step
from usage.quota.page.own_steps import reading_own_steps
from usage.quota.use import SEEN

DAYS = 30
# Sums over these are exact, however they were spread within the day.
TOLD = {*SEEN, Quality.BEFORE_WATCHING, Quality.TOLD}


@dataclass(frozen=True, slots=True)
class Month:
    """The last quota days, today included: the oldest first."""

    zone: ZoneInfo
    days: tuple[QuotaDay, ...]

    @classmethod
    def of(cls, zone: ZoneInfo, now: datetime, count: int = DAYS) -> Self:
        """So many, up to the one that holds `now`."""
        found = [quota_day(now, zone)]
        while len(found) < count:
            # Clocks may skip a day whole: the one before it ends where the next begins.
            found.append(quota_day(found[-1].start - timedelta(microseconds=1), zone))
        return cls(zone, tuple(reversed(found)))

    @property
    def dates(self) -> list[date]:
        """What the days are called."""
        return [day.start.astimezone(self.zone).date() for day in self.days]

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """The quarters, named by their ends, in (first, last] of each day."""
        return [(microseconds(day.start) // QUARTER, microseconds(day.end) // QUARTER) for day in self.days]


@dataclass(slots=True)
class DayUse:
    """What a meter certainly used on a day, and how many microseconds of it were told of. `more` was used in
    time of which nobody knows how much lies in the day.
    """

    certain: int = 0
    told: int = 0
    more: int = 0

    def amount(self, day: QuotaDay) -> Amount:
        """What may be said of the whole day."""
        length = microseconds(day.end) - microseconds(day.start)
        is_known = self.told >= length and not self.more
        return known(self.certain) if is_known else at_least(self.certain, self.more)


@dataclass(frozen=True, slots=True)
class Limits:
    """The daily limits of a key, as they were dated: (valid from, limit or None), the oldest first."""

    dated: Sequence[tuple[date, int | None]]

    def on(self, day: date) -> int | None:
        """The limit of a day; before the first that is known, that one."""
        valid = [limit for since, limit in self.dated if since <= day]
        return valid[-1] if valid else self.dated[0][1]


@dataclass(frozen=True, slots=True)
class PastDays:
    """What some keys used on each day of a month, by meter, and their limits, by key; and what raxdash `ran`
    with those whose servers tell nothing.
    """

    month: Month
    uses: Mapping[int, Sequence[DayUse]]
    limits: Mapping[UUID, Limits]
    ran: Mapping[UUID, Sequence[Step]]

    def amounts(self, meter_id: int) -> list[Amount]:
        """What a meter used on each of the days."""
        uses = self.uses.get(meter_id) or [DayUse() for _ in self.month.days]
        return [use.amount(day) for use, day in zip(uses, self.month.days, strict=True)]


@dataclass(slots=True)
class _Sums:
    """Sums by meter and day, as rows come."""

    month: Month
    found: dict[int, list[DayUse]] = field(default_factory=dict)

    def of(self, meter_id: int) -> list[DayUse]:
        if meter_id not in self.found:
            self.found[meter_id] = [DayUse() for _ in self.month.days]
        return self.found[meter_id]

    def add(self, meter_id: int, metric: str, model: str, place: int, amount: int) -> None:
        """Take what a series moved on a day; watched time is counted by quality."""
        use = self.of(meter_id)[place]
        if metric == TOKENS:
            use.certain += amount
        elif model in TOLD:
            use.told += amount

    def add_stretch(self, stretch: Stretch) -> None:
        """Take time whose spread nobody saw: it belongs to the day that holds it whole. Of one that reaches
        over midnight the days are known only where nothing was used in it.
        """
        tokens = stretch.total(TOKENS)
        for place, day in enumerate(self.month.days):
            start, end = microseconds(day.start), microseconds(day.end)
            if stretch.end <= start or stretch.start >= end:
                continue
            use = self.of(stretch.meter_id)[place]
            is_within = start <= stretch.start and stretch.end <= end
            if is_within or not tokens:
                use.certain += tokens
                length = min(stretch.end, end) - max(stretch.start, start)
                use.told += length if stretch.quality in TOLD else 0
            else:
                use.more += tokens


def reading_past_days(team: Team, keys: Sequence[Key], now: datetime, count: int = DAYS) -> Reading[PastDays]:
    """The last days of some keys, thirty unless told otherwise, in two steps."""
    month = Month.of(team.quota_zone, now, count)
    first, last = month.dates[0], month.dates[-1]
    dated = KeyAttributes.objects.filter(key__in=keys).during(first, last).order_by("valid_from")
    written = Calendar.objects.filter(team=team, time_zone=team.quota_time_zone, is_complete=True)
    rows, calendars = yield from side_by_side(ask(dated), ask(written))
    roots = Meter.objects.filter(key__in=keys).values(root=Coalesce("merged_into", "pk"))
    sums = _Sums(month)
    moved, stretches, ran = yield from side_by_side(
        ask(_days(roots, month) if calendars else _quarters(roots, month)),
        ask(Stretch.objects.filter(meter__in=roots).overlapping(*_span(month))),
        reading_own_steps(keys, month.days[0].start, now),
    )
    # Days come by their names, quarters by the places of their days.
    places = {day: place for place, day in enumerate(month.dates)}
    for meter_id, metric, model, name, amount in moved:
        sums.add(meter_id, metric, model, places.get(name, name), int(amount))
    for stretch in stretches:
        sums.add_stretch(stretch)
    return PastDays(month, sums.found, dict(_limits(keys, rows)), ran)


def _limits(keys: Iterable[Key], rows: Iterable[KeyAttributes]) -> Iterator[tuple[UUID, Limits]]:
    dated: dict[UUID, list[tuple[date, int | None]]] = {}
    for row in rows:
        dated.setdefault(row.key_id, []).append((row.valid_from, row.terms().limits().tokens_per_day))
    for key in keys:
        yield key.pk, Limits(dated.get(key.pk) or [(date.min, key.limits().tokens_per_day)])


def _span(month: Month) -> tuple[int, int]:
    return microseconds(month.days[0].start), microseconds(month.days[-1].end)


def _days(roots: QuerySet[Any, Any], month: Month) -> QuerySet[Any, Any]:
    """(meter, metric, model, day, amount), where the team's own days are quota days."""
    dates = month.dates
    rows = Day.objects.filter(series__meter__in=roots, day__gte=dates[0], day__lte=dates[-1])
    of_interest = rows.filter(series__metric__in=(TOKENS, COVERAGE)).order_by()
    return of_interest.values_list(
        "series__meter_id", "series__metric", "series__model", "day", F("value") - F("opening")
    )


def _quarters(roots: QuerySet[Any, Any], month: Month) -> QuerySet[Any, Any]:
    """(meter, metric, model, place of the day, amount), summed up from quarters."""
    numbers = month.numbers
    rows = Quarter.objects.filter(
        series__meter__in=roots, number__gt=numbers[0][0], number__lte=numbers[-1][1]
    )
    series = rows.filter(series__metric__in=(TOKENS, COVERAGE)).annotate(place=_place_of(numbers))
    grouped = series.order_by().values_list("series__meter_id", "series__metric", "series__model", "place")
    return grouped.annotate(amount=Sum(F("value") - F("opening")))


def _place_of(numbers: Sequence[tuple[int, int]]) -> Case:
    """Which day a quarter lies in: days of one length that follow each other are told apart by a division,
    which is cheaper than thirty comparisons.
    """
    whens, place = [], 0
    while place < len(numbers):
        first, length = numbers[place][0], numbers[place][1] - numbers[place][0]
        lengths = [last - first for first, last in numbers[place:]]
        alike = next((count for count, each in enumerate(lengths) if each != length), len(lengths))
        last = numbers[place + alike - 1][1]
        whens.append(When(number__lte=last, then=Value(place) + (F("number") - Value(first + 1)) / length))
        place += alike
    return Case(*whens, output_field=IntegerField())

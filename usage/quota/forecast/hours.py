"""The hours behind forecasts, read from rollups: of a team, of some meters together, or of each of many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, groupby
from typing import Any, NamedTuple, Self

from django.db.models import Case, F, FloatField, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from common.database.together import Reading, ask, side_by_side
from teams.models import Team
from usage.ledger import COVERAGE, Quality
from usage.ledger.grid import QUARTER, quarter_number
from usage.ledger.words import microseconds, moment
from usage.models import Facts, Quarter, Stretch, TeamQuarter
from usage.quota.forecast.history import HOUR, HOURS_OF_WEEK, History

SEEN = (Quality.MEASURED, Quality.INTERPOLATED, Quality.CORRECTED)
QUARTERS_OF_HOUR, AN_HOUR = 4, HOUR // timedelta(microseconds=1)

# What was used of a metric, or seen, in an hour of a window: (what, number of the hour, amount).
type Moved = tuple[str, int, Any]
# From when to when, in microseconds.
type Early = tuple[int, int]
# What one of a metric counts for, by model; of a model that is not in it, nothing.
type Worths = Mapping[str, float]


class Window(NamedTuple):
    """Whole hours of a team's clock: the quarters, named by their ends, in (first, last]."""

    first: int
    last: int

    @classmethod
    def before(cls, team: Team, as_of: datetime, weeks: int) -> Self:
        """So many weeks before an instant."""
        end = as_of.astimezone(team.zone).replace(minute=0, second=0, microsecond=0)
        last = quarter_number(microseconds(end))
        return cls(last - weeks * HOURS_OF_WEEK * QUARTERS_OF_HOUR, last)

    @property
    def hours(self) -> int:
        """How many there are."""
        return (self.last - self.first) // QUARTERS_OF_HOUR

    @property
    def start(self) -> datetime:
        """When the first begins."""
        return moment(self.first * QUARTER)


@dataclass(frozen=True, slots=True)
class Behind:
    """What lies behind the forecast of one meter: its window, up to when it told something, and its facts."""

    window: Window
    as_of: datetime
    facts: Facts


def history_of(
    team: Team,
    metric: str,
    behind: Behind,
    meters: Sequence[int] | None = None,
    worths: Worths | None = None,
) -> Reading[History]:
    """The hours of a team, or of some of its meters together; in what a metric is worth, where that is given.
    One step.
    """
    moved, early = yield from side_by_side(
        ask(_moved(team, metric, behind.window, meters, worths=worths)),
        ask(_early(team, behind.window, meters)),
    )
    return _history(team, metric, behind, moved, early)


def histories_of(team: Team, metric: str, meters: Mapping[int, Behind]) -> Reading[dict[int, History]]:
    """The hours of each of many meters, by id. One step, however many they are."""
    # Hours begin together but where a zone's clock changed by half an hour in between.
    parts = groupby(
        sorted(meters, key=lambda pk: _kind(meters[pk].window)), lambda pk: _kind(meters[pk].window)
    )
    found = yield from side_by_side(
        *(_histories(team, metric, {pk: meters[pk] for pk in alike}) for _, alike in parts)
    )
    return {pk: history for part in found for pk, history in part.items()}


def _kind(window: Window) -> tuple[int, int]:
    return window.hours, window.first % QUARTERS_OF_HOUR


def _histories(team: Team, metric: str, meters: Mapping[int, Behind]) -> Reading[dict[int, History]]:
    """The same of meters whose hours begin together."""
    windows = [behind.window for behind in meters.values()]
    all_of_it = Window(min(one.first for one in windows), max(one.last for one in windows))
    moved, early = yield from side_by_side(
        ask(_moved(team, metric, all_of_it, list(meters), by_meter=True)),
        ask(_early(team, all_of_it, list(meters), by_meter=True)),
    )
    moved_of: dict[int, list[Moved]] = {pk: [] for pk in meters}
    early_of: dict[int, list[Early]] = {pk: [] for pk in meters}
    # Looked up once, not for each of many thousand rows.
    begins = {pk: (one.window.first - all_of_it.first) // QUARTERS_OF_HOUR for pk, one in meters.items()}
    hours = windows[0].hours
    for pk, what, hour, amount in moved:
        place = hour - begins[pk]
        if 0 <= place < hours:
            moved_of[pk].append((what, place, amount))
    for pk, *span in early:
        early_of[pk].append((span[0], span[1]))
    return {pk: _history(team, metric, behind, moved_of[pk], early_of[pk]) for pk, behind in meters.items()}


def _history(
    team: Team, metric: str, behind: Behind, moved: Iterable[Moved], early: Iterable[Early]
) -> History:
    window, as_of = behind.window, behind.as_of
    amounts, watched, before = ([0.0] * window.hours for _ in range(3))
    for what, hour, amount in moved:
        found = {metric: amounts, COVERAGE: watched, Quality.BEFORE_WATCHING: before}[what]
        found[hour] += float(amount)
    spans = [(since, until or as_of, count) for since, until, count in behind.facts.spans]
    unwatched = [(moment(since), moment(until), -1) for since, until in early]
    expected = meter_hours([*spans, *unwatched], window.start, window.hours)
    due = [round(wanted - unseen / AN_HOUR, 6) for wanted, unseen in zip(expected, before, strict=True)]
    pairs = zip(watched, due, strict=True)
    seen = [min(found / AN_HOUR / wanted, 1.0) if wanted > 0 else 0.0 for found, wanted in pairs]
    return History(window.start, team.zone, amounts, seen, [wanted > 0 for wanted in due])


def _moved(
    team: Team,
    metric: str,
    window: Window,
    meters: Sequence[int] | None,
    *,
    by_meter: bool = False,
    worths: Worths | None = None,
) -> QuerySet[Any, Any]:
    """What rose in which hour, as `Moved`; after its meter's id, where that is asked."""
    span = {"number__gt": window.first, "number__lte": window.last}
    if meters is None:
        rows: QuerySet[Any] = TeamQuarter.objects.filter(team=team, **span)
        kind, model = "metric", "model"
        rose: Combinable = F("amount")
    else:
        rows = Quarter.objects.filter(series__meter_id__among=meters, series__meter__team=team, **span)
        kind, model = "series__metric", "series__model"
        rose = F("value") - F("opening")
    hours = rows.annotate(hour=(F("number") - 1 - window.first) / QUARTERS_OF_HOUR).order_by()
    place = ["series__meter_id"] if by_meter else []
    used, seen, before = (
        part.values_list(*place, name, "hour").annotate(sum=Sum(amount))
        for part, name, amount in (
            (hours.filter(**{kind: metric}), kind, rose if worths is None else _worth(rose, model, worths)),
            (hours.filter(**{kind: COVERAGE, f"{model}__in": SEEN}), kind, rose),
            (hours.filter(**{kind: COVERAGE, model: Quality.BEFORE_WATCHING}), model, rose),
        )
    )
    return used.union(seen, before, all=True)


def _worth(rose: Combinable, model: str, worths: Worths) -> Combinable:
    """What is worth so much by its model, which a field names."""
    alike: dict[float, list[str]] = defaultdict(list)
    for name, worth in worths.items():
        alike[worth].append(name)
    each = [When(**{f"{model}__in": names}, then=Value(worth)) for worth, names in alike.items()]
    return Cast(rose, FloatField()) * Case(*each, default=Value(0.0), output_field=FloatField())


def _early(
    team: Team, window: Window, meters: Sequence[int] | None, *, by_meter: bool = False
) -> QuerySet[Any, Any]:
    """The time before a meter was watched that its first answer told of, where that is long."""
    stretches = Stretch.objects.for_team(team)
    mine = stretches if meters is None else stretches.of_meters(meters)
    early = mine.filter(quality=Quality.BEFORE_WATCHING, end__gt=microseconds(window.start))
    return early.order_by().values_list(*(["meter_id"] if by_meter else []), "start", "end")


def meter_hours(spans: Iterable[tuple[datetime, datetime, int]], start: datetime, hours: int) -> list[float]:
    """How many meters there are in each hour, by spans (from, to, how many): for a part of it, a part."""
    counts, parts = [0.0] * (hours + 1), [0.0] * (hours + 1)
    for since, until, count in spans:
        for at, sign in ((since, 1), (until, -1)):
            place = min(max((at - start) / HOUR, 0.0), float(hours))
            counts[int(place)] += sign * count
            parts[int(place)] -= sign * count * (place % 1)
    return [whole + part for whole, part in zip(accumulate(counts), parts, strict=True)][:hours]

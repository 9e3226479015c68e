"""How well each account was seen over a span: the time that was measured, interpolated, told, or not seen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, F, Q, When

from teams.models import Team
from usage.claims import Amount, Sureness, claimed
from usage.explore.proof.sums import Sums
from usage.explore.reading.sums.coverage import Coverage, Ramp
from usage.explore.reading.sums.source import Interval
from usage.explore.sheet.marks import Seen
from usage.ledger import Quality
from usage.ledger.words import microseconds
from usage.models import Meter
from usage.models.meters import lateness

WORDS = {
    Quality.MEASURED: "measured",
    Quality.CORRECTED: "corrected",
    Quality.INTERPOLATED: "spread unknown, polls were missed",
    Quality.BEFORE_WATCHING: "before raxdash watched",
    Quality.TOLD: "told for whole days",
    Quality.BOUNDARY_MOVED: "the period's boundary moved",
    Quality.TAIL_UNKNOWN: "not seen, at a period's end",
    Quality.UNKNOWN: "not seen",
}
MEASURED = (Quality.MEASURED, Quality.CORRECTED)


@dataclass(frozen=True, slots=True)
class Watch:
    """One account: what its key is called, and how it should have been seen."""

    meter_id: int
    key_id: str
    name: str
    coverage: Coverage
    is_untold: bool = False


def watches(team: Team, condition: Q, metric: str, now: datetime) -> list[Watch]:
    """The accounts of a team that a condition lets through and that told something, by name. One query."""
    until = Case(When(lateness.is_watched(), then=None), default=F("watched_until"))
    told = Case(
        When(lateness.is_watched() & ~lateness.is_late(now), then=lateness.told_until()),
        default=None,
        output_field=DateTimeField(),
    )
    meters = Meter.objects.for_team(team).filter(condition, watched_from__isnull=False)
    rows = meters.annotate(until=until, as_of=told).values_list(
        "pk", "key", "name", "key__name", "watched_from", "until", "as_of", "untold"
    )
    return sorted((_watch(row, metric, now) for row in rows), key=lambda watch: (watch.name, watch.meter_id))


def _watch(row: Sequence[Any], metric: str, now: datetime) -> Watch:
    pk, key, own_name, name, since, until, as_of, untold = row
    first, at = microseconds(since), microseconds(now)
    end = at if until is None else microseconds(until)
    waiting = at if as_of is None else microseconds(min(as_of, now))
    coverage = Coverage(Ramp({first: 1}), Ramp({end: 1}), first, at, waiting, None, as_of)
    return Watch(pk, str(key or f"meter-{pk}"), name or own_name, coverage, untold == metric)


@dataclass(frozen=True, slots=True)
class SeenKey:
    """How an account was seen over a span: the time of each quality, and what was used as surely as it is."""

    watch: Watch
    times: Mapping[str, int]
    used: Amount

    @property
    def measured(self) -> float | None:
        """The percentage of the time watched that was measured; None where it was not watched."""
        return measured_share([self.times])

    @property
    def words(self) -> list[tuple[str, timedelta]]:
        """The time of each quality, in words."""
        return time_by_quality(self.times)


def seen_key(watch: Watch, span: Interval, sums: Sums) -> SeenKey:
    """How an account was seen over a span, and what it used."""
    place = span, watch.meter_id
    times = watch.coverage.complete(sums.times.get(place, Counter()), *span)
    # Of the time before it was first watched nobody knows anything, and nobody was to look.
    before = max(min(watch.coverage.begin or span[1], span[1]) - span[0], 0)
    known = {quality: time - (before if quality == Quality.UNKNOWN else 0) for quality, time in times.items()}
    known = {quality: time for quality, time in known.items() if time > 0}
    sureness = Seen(times, is_untold=watch.is_untold).sureness
    used = sums.used[place]
    if sureness in (Sureness.UNKNOWN, Sureness.TO_COME) and used:
        sureness = Sureness.AT_LEAST
    return SeenKey(watch, known, claimed(sureness, used, max(sums.cut[place], 0)))


def measured_share(times: Sequence[Mapping[str, int]]) -> float | None:
    """The percentage of the time watched that was measured, over several accounts."""
    seen: Counter[str] = Counter()
    for each in times:
        seen.update(each)
    watched = seen.total() - seen[Quality.BEFORE_WATCHING]
    return 100 * sum(seen[quality] for quality in MEASURED) / watched if watched > 0 else None


def time_by_quality(times: Mapping[str, int]) -> list[tuple[str, timedelta]]:
    """How long each quality lasted, in words, the best first."""
    return [(words, timedelta(microseconds=times[name])) for name, words in WORDS.items() if times.get(name)]

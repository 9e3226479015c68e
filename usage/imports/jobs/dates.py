"""Past days are asked of providers by a long job: a request in each slice, key by key.

A server that was never asked for dates is asked for one day first, once: one that tells its billing period
instead honours none. Days come in months; where an answer does not tell them apart, one by one.
"""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Self

from django.utils import timezone

from common.jobs.kinds import Progress, Write
from common.models import Job
from common.models.jobs import PATIENCE
from rax import RaxError, UsageAnswer
from teams.error_words import words_for
from usage.imports.jobs import asking, preview, ranges, store
from usage.imports.jobs.origin import origin_of
from usage.imports.jobs.ranges import DayTold, NotTold
from usage.ledger.grid import ONE_DAY
from usage.models import DateRangeAnswer, Import, Meter

KIND, WORDS = "usage.import_ask", "Asking for past days"
DAYS_AT_ONCE = 31
# After a failure: how often the same is asked again, and how long later.
TRIES, PAUSE = 2, timedelta(seconds=20)

NO_DATES = "The server tells its billing period whatever dates are asked for."
GONE = "The account is gone."


@dataclass(slots=True)
class Place:
    """Whom it asks (the key number `at` of the import), from which day on.

    `is_daily` is whether days are asked for one by one; `failures` how often the last question failed;
    `remarks` tell by meter why it was asked no more.
    """

    at: int = 0
    day: str = ""
    is_daily: bool = False
    failures: int = 0
    told: int = 0
    remarks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, job: Job) -> Self:
        """The place of a job."""
        return cls(**job.place.get("asking", {}))

    def next_key(self, meter_id: int, remark: str = "") -> None:
        """Go on to the next key, from its first day on."""
        if remark:
            self.remarks[str(meter_id)] = remark
        self.at, self.day, self.is_daily, self.failures = self.at + 1, "", False, 0

    def progress(self, meters: int) -> Progress:
        """How far that is."""
        return Progress({"asking": asdict(self)}, self.at, meters)


def step(job: Job) -> Write:
    """One slice: a question, or an account whose change is reckoned."""
    origin = origin_of(job, Import.State.READING)
    if origin is None:
        return lambda: Progress(is_done=True)
    if preview.is_begun(job):
        return preview.step(job, origin)
    place, meters = Place.of(job), origin.options["meters"]
    if place.at >= len(meters):
        return partial(finish, origin, place)
    return question(job, origin, place, meters[place.at])


def finish(origin: Import, place: Place) -> Progress:
    """All keys were asked."""
    Import.objects.filter(pk=origin.pk).update(options={**origin.options, "remarks": place.remarks})
    return preview.begin(origin)


def question(job: Job, origin: Import, place: Place, meter_id: int) -> Write:
    """Ask what comes next of one key, and say what is to be written of it."""
    now, count = timezone.now(), len(origin.options["meters"])
    meter = Meter.objects.select_related("key").defer("state").filter(pk=meter_id).first()
    if meter is None:
        return partial(skip, place, meter_id, GONE, count)
    known = DateRangeAnswer.objects.filter(meter=meter).first()
    if known and not known.is_honoured:
        return partial(skip, place, meter_id, NO_DATES, count)
    first, last = probed(origin, now) if known is None else asked(origin, place)
    try:
        answer = asking.ask(meter, first, last, now)
    except asking.Unaskable as reason:
        return partial(skip, place, meter_id, str(reason), count)
    except asking.Later as later:
        return partial(wait, job, place, later.until, count)
    except RaxError as error:
        if place.failures >= TRIES:
            return partial(skip, place, meter_id, words_for(error), count)
        place.failures += 1
        return partial(wait, job, place, now + PAUSE, count)
    place.failures = 0
    if known is None:
        is_honoured = ranges.is_honoured(answer, first, last, origin.team.quota_zone)
        return partial(learn, place, meter, is_honoured, now, count)
    return heard(origin, place, meter, answer, (first, last))


def probed(origin: Import, now: datetime) -> tuple[date, date]:
    """The day that shows whether dates are honoured: no period that a provider tells now is of that day."""
    day = now.astimezone(origin.team.quota_zone).date() - 2 * ONE_DAY
    return day, day


def asked(origin: Import, place: Place) -> tuple[date, date]:
    """The days that come next."""
    first = date.fromisoformat(place.day or origin.options["first"])
    most = 1 if place.is_daily else DAYS_AT_ONCE
    return first, min(first + (most - 1) * ONE_DAY, date.fromisoformat(origin.options["last"]))


def heard(origin: Import, place: Place, meter: Meter, answer: UsageAnswer, days: tuple[date, date]) -> Write:
    """What is written of an answer: its days, or that they are asked for one by one."""
    count = len(origin.options["meters"])
    if not ranges.is_honoured(answer, *days, origin.team.quota_zone):
        return partial(skip, place, meter.pk, NO_DATES, count)
    try:
        told = ranges.days_of(answer, *days)
    except NotTold:
        place.is_daily = True
        return partial(place.progress, count)
    return partial(keep, origin, place, meter, told)


def keep(origin: Import, place: Place, meter: Meter, told: list[DayTold]) -> Progress:
    """Keep what was told, and go on after its last day."""
    store.write_range(origin, meter, told)
    place.told += len(told)
    following = told[-1].day + ONE_DAY
    if following > date.fromisoformat(origin.options["last"]):
        place.next_key(meter.pk)
    else:
        place.day = following.isoformat()
    return place.progress(len(origin.options["meters"]))


def learn(place: Place, meter: Meter, is_honoured: bool, now: datetime, count: int) -> Progress:
    """Remember whether a key's server honours dates."""
    DateRangeAnswer.objects.update_or_create(
        meter=meter, defaults={"is_honoured": is_honoured, "asked_at": now}
    )
    if not is_honoured:
        place.next_key(meter.pk, NO_DATES)
    return place.progress(count)


def skip(place: Place, meter_id: int, reason: str, count: int) -> Progress:
    """Ask a key no more, and say why."""
    place.next_key(meter_id, reason)
    return place.progress(count)


def wait(job: Job, place: Place, until: datetime, count: int) -> Progress:
    """Go on with the same at a time, or look again before: a job waits no longer at once."""
    Job.objects.filter(pk=job.pk).update(due_at=min(until, timezone.now() + max(PATIENCE)))
    return place.progress(count)


def remarks_of(origin: Import) -> dict[int, Any]:
    """By meter, why a key told nothing, or not all."""
    return {int(pk): words for pk, words in origin.options.get("remarks", {}).items()}

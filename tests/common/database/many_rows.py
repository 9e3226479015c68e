"""Write and look up many rows on a database of its own; run by `manage.py shell` in an installation."""

import json
import sys
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from common.database import bulk
from common.database.single_rows import SingleRows
from playground.models import Conversation, Run
from teams.models import Key, Team
from usage.books.rollups.rollup import DayRow
from usage.models import Day, Meter, RateSample, RawPoll, Series

TEXTS = ["", "quotes \" and \\ and '", "lines\nand\ttabs", "{1,NULL}", "null", "ünïcödé 🦀", "%s"]
AT = datetime(2026, 3, 29, 1, 30, 0, 123456, UTC)
FIELDS = (
    *("meter_id", "slot", "at", "started_at", "ended_at", "interval_seconds", "error", "period_start"),
    *("total_tokens", "breakdown", "limits", "body_hash"),
)
MANY = bulk.ROWS_PER_STATEMENT + 1


def main() -> None:
    """Print what was found of what was written."""
    meter, keys = found()
    told = {
        "kinds": kinds(meter),
        "counted": counted(meter),
        "moved": moved(meter, keys),
        "among": among(keys),
        "alone": alone(keys[0]),
    }
    sys.stdout.write(json.dumps(told, default=str))


def found() -> tuple[Meter, list[Key]]:
    """Make a team with three keys, and a meter."""
    team = Team.objects.create(name="Acme", slug="acme")
    made = [Key(team=team, name=name, base_url="http://127.0.0.1:9/api/v1") for name in "abc"]
    for key in made:
        key.set_secret(f"rax_demo_{key.name}")
        key.save()
    return Meter.objects.create(team=team, key=made[0], name="Main", next_poll_at=timezone.now()), made


def kinds(meter: Meter) -> list[Any]:
    """Insert every kind of value, and nothing where nothing is; return them as the ORM reads them."""
    bulk.insert(RawPoll, (raw_poll(meter, slot, text) for slot, text in enumerate(TEXTS)), FIELDS)
    bulk.insert(RawPoll, [], FIELDS)
    fields = ("slot", "at", "started_at", "error", "period_start", "total_tokens", "breakdown", "body_hash")
    return list(RawPoll.objects.order_by("slot").values_list(*fields))


def raw_poll(meter: Meter, slot: int, text: str) -> RawPoll:
    """Return an answer with a text; the first has nothing where nothing may be."""
    return RawPoll(
        meter=meter,
        slot=slot,
        at=slot or None,
        started_at=AT,
        ended_at=AT,
        interval_seconds=300,
        error=text,
        period_start=AT if slot else None,
        total_tokens=-slot,
        breakdown={text: [slot, None]},
        limits={},
        body_hash=text,
    )


def counted(meter: Meter) -> list[Any]:
    """Insert more rows than a statement takes, then replace, add to and raise some; one stays as it is."""
    series = Series.objects.create(meter=meter, model="rax-5", metric="tokens")
    fields, unique = DayRow._fields, ("series_id", "day")
    first = date(2026, 1, 1).toordinal()
    days = [date.fromordinal(first + number) for number in range(MANY)]
    bulk.insert(Day, [DayRow(series.pk, day, 0, 1) for day in days], fields, unique=unique, replace=["value"])
    again = [DayRow(series.pk, days[0], 7, 5), DayRow(series.pk, days[-1], 7, 1 << 60)]
    bulk.insert(Day, again, fields, unique=unique, replace=["value"], add=["opening"])
    bulk.insert(Day, [DayRow(series.pk, days[1], 8, 8)], fields, unique=unique)
    bulk.insert(Day, [DayRow(series.pk, days[2], 8, 11)], fields, unique=unique, rise=["opening", "value"])
    amounts = Day.objects.order_by("day").values_list("opening", "value")
    return [amounts.count(), list(amounts[:3]), list(amounts.reverse()[:1])]


def moved(meter: Meter, keys: list[Key]) -> list[Any]:
    """Update by a number and by a UUID, with and without values."""
    meter.status_reason, meter.answered_at, meter.limit_share = "gone\n", AT, 0.25
    meter.secret_fingerprint = "in a column of another name"
    bulk.update(Meter, [meter], ("status_reason", "answered_at", "limit_share", "secret_fingerprint"))
    samples = [RateSample(key=key, received_at=AT, source="poll", requests_limit=60) for key in keys]
    RateSample.objects.bulk_create(samples)
    samples[1].requests_limit, samples[1].tokens_reset_at = None, AT
    bulk.update(RateSample, samples[1:2], ("requests_limit", "tokens_reset_at"))
    meters = Meter.objects.values_list("status_reason", "answered_at", "limit_share", "secret_fingerprint")
    limits = RateSample.objects.order_by("key__name").values_list("requests_limit", "tokens_reset_at")
    return [list(meters), list(limits)]


def among(keys: list[Key]) -> dict[str, list[str]]:
    """Look up by numbers, UUIDs, texts and foreign keys, in nothing, in a queryset, and the others."""
    of = {
        "uuids": Key.objects.filter(pk__among=[keys[0].pk, keys[2].pk, keys[2].pk]),
        "texts": Key.objects.filter(name__among={"b", "z", "%s"}),
        "numbers": Key.objects.filter(meter__pk__among=iter(Meter.objects.values_list("pk", flat=True))),
        "foreign keys": Key.objects.filter(team_id__among=[keys[0].team_id]),
        "primary foreign keys": Key.objects.filter(rate_sample__pk__among=[keys[1].pk]),
        "nothing": Key.objects.filter(pk__among=[]),
        "a queryset": Key.objects.filter(pk__among=Meter.objects.values("key_id")),
        "the others": Key.objects.exclude(pk__among=[keys[0].pk]),
    }
    return {what: list(rows.order_by("name").values_list("name", flat=True)) for what, rows in of.items()}


def alone(key: Key) -> list[list[str]]:
    """Write runs one by one, and write them anew; return which columns `save` writes otherwise."""
    conversation, rows = Conversation.objects.create(team=key.team, title="%s"), SingleRows(Run)
    runs = [Run(team=key.team, key=key, conversation=conversation, model="%s", created_at=AT) for _ in "ab"]
    found = []
    for first, second in ((Run.save, rows.insert), (Run.save, rows.update)):
        first(runs[0])
        second(runs[1])
        one, other = (Run.objects.filter(pk=run.pk).values().get().items() for run in runs)
        found.append([name for (name, value), (_, saved) in zip(one, other, strict=True) if value != saved])
        for run in runs:
            run.message, run.template, run.left_out, run.erased_at = TEXTS[1], {"a": [None]}, [], AT
            run.limits, run.tokens_reported, run.retry_after_seconds, run.error_status = {}, True, 0.25, 429
    return found

"""What the keys used, put through the real fold.

The simulator says what `/usage` would have answered at each past instant; the answers are stored as polls
are. So everything the pages show of it follows from raw answers, as it does for a real provider.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson

from rax import RawAnswer
from rax.simulator.clock import MICROSECOND
from rax.simulator.demo import demo_keys
from rax.simulator.simulator import Simulator
from raxdash.demonstration.cast import KEYS, DemoKey
from raxdash.demonstration.story import Story
from teams.models import Key
from usage.books import ingest
from usage.books.answers.answer import Answer
from usage.ledger.words import microseconds
from usage.models import Meter, RawPoll
from usage.polls.schedule.closings import AFTER, BEFORE


def fill(story: Story) -> Iterator[tuple[str, int, int]]:
    """Store the history of every key that has none, day by day; yield (key name, days done, of how many)."""
    simulator = Simulator(demo_keys(story.day))
    for key in KEYS:
        stored = Key.objects.get(team=story.team, name=key.name)
        meter = meter_of(stored, story.now)
        if RawPoll.objects.filter(meter=meter).exists():
            continue
        # As if the key had been there from the first poll on.
        Key.objects.filter(pk=stored.pk).update(secret_set_at=story.start)
        spans = list(days(story.start, story.now))
        for number, span in enumerate(spans, 1):
            told = answers(simulator, key, meter, *span)
            ingest.store(poll for poll in told if not in_gap(poll.started_at, story))
            yield key.name, number, len(spans)


def in_gap(at: datetime, story: Story) -> bool:
    """Tell whether nobody was polling at that time."""
    start, end = story.gap
    return start <= at < end


def days(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut [start, end) into spans of a day."""
    while start < end:
        yield start, min(start + timedelta(days=1), end)
        start += timedelta(days=1)


def meter_of(key: Key, now: datetime) -> Meter:
    """Return the key's meter, created as a poll would, and due at once."""
    meter, _ = Meter.objects.get_or_create(
        key=key, defaults={"team": key.team, "name": key.name, "next_poll_at": now}
    )
    return meter


def answers(
    simulator: Simulator, key: DemoKey, meter: Meter, start: datetime, end: datetime
) -> Iterator[Answer]:
    """Yield what the polls of a key in [start, end) would have been answered, and the closing ones. In the
    first second of a billing period the provider tells the one before still, as providers do: so the last
    word on that one is all of it, and a page over months can show exact sums.
    """
    simulated = simulator.keys[key.secret]
    told = dict(simulator.history(simulated, start, end, key.step))
    boundary = simulator.period.at(end).start
    told.pop(boundary, None)
    for at, of in ((boundary - BEFORE, boundary - BEFORE), (boundary + AFTER, boundary - MICROSECOND)):
        if start <= at < end:
            told[at] = simulator.counters_at(simulated, of)
    for at in sorted(told):
        yield answer(meter, at, told[at], key.step)


def answer(meter: Meter, at: datetime, body: dict[str, Any], step: timedelta) -> Answer:
    """Return a body of `/usage` as the poll of `at` that it would have answered, one of every `step`."""
    return Answer(
        meter_id=meter.pk,
        slot=microseconds(at),
        started_at=at,
        ended_at=at,
        interval_seconds=int(step.total_seconds()),
        status=200,
        period_start=datetime.fromisoformat(body["period_start"]),
        period_end=datetime.fromisoformat(body["period_end"]),
        total_tokens=body["total_tokens"],
        total_requests=body["total_requests"],
        breakdown={model: (used["tokens"], used["requests"]) for model, used in body["breakdown"].items()},
        received=RawAnswer(200, {}, at, orjson.dumps(body)),
    )

"""Ninety days of plausible history for `make demo`, put through the real fold.

The simulator says what `/usage` would have answered at each past instant; the answers are stored as polls
are. So everything the pages show of it follows from raw answers, as it does for a real provider.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from rax import Model, RawAnswer
from rax.simulator.catalogue import DEFAULT_MODELS
from rax.simulator.demo import DEMO_KEYS
from rax.simulator.keys import Key as SimulatedKey
from rax.simulator.simulator import Simulator
from teams.first_start import Owner, set_up
from teams.keys import KeyDetails, save_key
from teams.models import Key, Plan, Team
from usage.books import ingest
from usage.books.answers import Answer
from usage.ledger.words import microseconds
from usage.models import Meter, RawPoll
from usage.polls.closings import AFTER, BEFORE

EMAIL = "demo@example.com"
PASSWORD = "raxdash demo"  # noqa: S105  for the demonstration alone, and printed by it
TEAM = "Demo"
HISTORY = timedelta(days=90)
# Coarser than a real poll, so that the history is made in half a minute; said so in each answer.
STEP = timedelta(minutes=15)
# A working day on which nobody polled, three weeks before the history was made.
GAP_DAYS_AGO, GAP_FROM, GAP_UNTIL = 20, 6, 17


@dataclass(frozen=True, slots=True)
class DemoKey:
    """A simulated key as the team knows it."""

    name: str
    plan: Plan
    simulated: SimulatedKey


# What the simulator will list: on offer before it has been asked.
MODELS = tuple(
    Model(each.id, owned_by="raxcore", context_window=each.context_window, max_tokens=each.max_tokens)
    for each in DEFAULT_MODELS
)
LARGE, SMALL, BATCH = DEMO_KEYS
KEYS = (
    DemoKey("Production", Plan.PRO, LARGE),
    DemoKey("Trial", Plan.FREE, SMALL),
    DemoKey("Nightly batch", Plan.PRO, BATCH),
)


def prepare() -> Team:
    """Create the owner, the team and the three keys; may be repeated."""
    first, *others = (
        KeyDetails(key.name, key.simulated.secret, settings.SIMULATOR_URL, key.plan, models=MODELS)
        for key in KEYS
    )
    user, team, _ = set_up(Owner(EMAIL, PASSWORD), TEAM, first)
    for details in others:
        save_key(team, user, details)
    return team


def fill(
    team: Team, history: timedelta = HISTORY, now: datetime | None = None
) -> Iterator[tuple[str, int, int]]:
    """Store the history of every key that has none, day by day; yield (key name, days done, of how many)."""
    now = now or timezone.now()
    start = (now - history).replace(minute=0, second=0, microsecond=0)
    simulator = Simulator(DEMO_KEYS)
    for key in KEYS:
        stored = Key.objects.get(team=team, name=key.name)
        meter = meter_of(stored, now)
        if RawPoll.objects.filter(meter=meter).exists():
            continue
        # As if the key had been there from the first poll on.
        Key.objects.filter(pk=stored.pk).update(secret_set_at=start)
        spans = list(days(start, now))
        for number, span in enumerate(spans, 1):
            told = answers(simulator, key.simulated, meter, *span)
            ingest.store(poll for poll in told if not in_gap(poll.started_at, now))
            yield key.name, number, len(spans)


def in_gap(at: datetime, now: datetime) -> bool:
    """Tell whether nobody was polling at that time."""
    return (now - at).days == GAP_DAYS_AGO and GAP_FROM <= at.hour < GAP_UNTIL


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
    simulator: Simulator, key: SimulatedKey, meter: Meter, start: datetime, end: datetime
) -> Iterator[Answer]:
    """Yield what polls every `STEP` in [start, end) would have been answered, and the closing ones."""
    told = dict(simulator.history(key, start, end, STEP))
    for at in closing_times(simulator, end):
        if start <= at < end:
            told[at] = simulator.counters_at(key, at)
    for at in sorted(told):
        yield answer(meter, at, told[at])


def closing_times(simulator: Simulator, before: datetime) -> tuple[datetime, datetime]:
    """Return when real polls would have closed the billing period that ended last."""
    boundary = simulator.period.at(before).start
    return boundary - BEFORE, boundary + AFTER


def answer(meter: Meter, at: datetime, body: dict[str, Any]) -> Answer:
    """Return a body of `/usage` as the poll of `at` that it would have answered."""
    return Answer(
        meter_id=meter.pk,
        slot=microseconds(at),
        started_at=at,
        ended_at=at,
        interval_seconds=int(STEP.total_seconds()),
        status=200,
        period_start=datetime.fromisoformat(body["period_start"]),
        period_end=datetime.fromisoformat(body["period_end"]),
        total_tokens=body["total_tokens"],
        total_requests=body["total_requests"],
        breakdown={model: (used["tokens"], used["requests"]) for model, used in body["breakdown"].items()},
        received=RawAnswer(200, {}, at, orjson.dumps(body)),
    )

"""Random worlds with long gaps, absurd periods and many models, stored in any order.

What is stored is held against the pure fold, a new fold, and a rebuilt ledger.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

from teams.models import Team
from tests.usage.books.test_retention import rollups
from tests.usage.books.told_worlds import ZONES
from tests.usage.stored import answer_at, assert_stored_equals_fold, make_meter
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.verify import meter_differences, rebuild, rebuild_team, team_differences
from usage.models import Meter, Quarter, Stretch

START = datetime(2026, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# How many minutes lie between two polls, at least and at most.
GAPS = ((1, 10), (1, 10), (10, 40), (60, 400), (400, 2_000), (5_000, 60_000))
WORLDS = 12


def answers(meter: Meter, chance: random.Random) -> list[Answer]:
    """What a provider told that rolls over when it likes, and now and then takes something back."""
    names = chance.choice((1, 1, 2, 3, 40))
    at, start, counters, told = START, START - chance.randrange(90_000) * MINUTE, [0] * names, []
    if chance.random() < 0.2:
        start = datetime(1970, 1, 1, tzinfo=UTC)
    for _ in range(chance.randint(2, 12)):
        previous, at = at, at + chance.randint(*chance.choice(GAPS)) * MINUTE
        if chance.random() < 0.25:
            start = previous + (at - previous) * chance.random()
            counters = [0] * names
        least = 0 if chance.random() < 0.9 else -3
        counters = [max(count + chance.randint(least, 50), 0) for count in counters]
        told.append(answer(meter, at, start, chance.choice((None, start + 43_200 * MINUTE)), counters))
    return told


def answer(meter: Meter, at: datetime, start: datetime, end: datetime | None, counters: list[int]) -> Answer:
    return answer_at(
        meter,
        at,
        period_start=start,
        period_end=end,
        total_tokens=sum(counters) * 2,
        total_requests=sum(counters),
        breakdown={f"model-{place}": (2 * count, count) for place, count in enumerate(counters)},
    )


def try_world(seed: int) -> None:
    """Store one world in any order and pieces; raise where it is not as it must be."""
    chance = random.Random(seed)
    team = Team.objects.create(name="Acme", slug=f"gaps-{seed}", time_zone=chance.choice(ZONES))
    meter = make_meter(team)
    waiting = answers(meter, chance)
    if chance.random() < 0.7:
        chance.shuffle(waiting)
    while waiting:
        size = chance.randint(1, len(waiting))
        piece, waiting = waiting[:size], waiting[size:]
        store(piece)
    assert_stored_equals_fold(team, meter)
    meter.refresh_from_db()
    assert meter_differences(meter) == team_differences(team) == []
    before = rollups(), stretches()
    rebuild(meter)
    rebuild_team(team)
    assert (rollups(), stretches()) == before


def stretches() -> list[tuple[object, ...]]:
    return list(Stretch.objects.order_by("meter", "end").values_list("start", "end", "quality", "amounts"))


def main() -> None:
    """Try some worlds and print how much there was of what."""
    for seed in range(WORLDS):
        try_world(seed)
    found = {"quarters": Quarter.objects.count(), "stretches": Stretch.objects.count()}
    sys.stdout.write(json.dumps(found))

"""Worlds of every kind in the books: a team and a meter for each, told in any order, in pieces and again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from teams.models import Team
from tests.usage.reference.answers import COST, REQUESTS, TOKENS
from tests.usage.reference.answers import Answer as ToldAnswer
from tests.usage.reference.disturbances import world_of
from tests.usage.reference.model import Ledger, fold
from tests.usage.reference.reading import LARGEST, LAST_YEAR, read
from tests.usage.reference.worlds import World
from usage.books.answers import Answer
from usage.books.ingest import store
from usage.ledger.words import moment
from usage.models import Meter

ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe")


@dataclass(frozen=True)
class Told:
    """A world, what the model makes of its answers, and the meter that was told them."""

    number: int
    world: World
    ledger: Ledger
    team: Team
    meter: Meter


def tell(numbers: Iterable[int]) -> list[Told]:
    """Worlds by their numbers, stored."""
    worlds = {number: replace(world_of(number), costs=False) for number in numbers}
    teams = Team.objects.bulk_create(
        Team(name="Acme", slug=f"world-{number}", time_zone=ZONES[number % len(ZONES)]) for number in worlds
    )
    now = timezone.now()
    meters = Meter.objects.bulk_create(Meter(team=team, name="Main", next_poll_at=now) for team in teams)
    rounds: list[list[Answer]] = [[], [], []]
    for (number, world), meter in zip(worlds.items(), meters, strict=True):
        for piece, answers in zip(rounds, pieces(world, meter, Random(number)), strict=False):
            piece += answers
    for piece in rounds:
        store(piece)
    return [
        Told(number, world, fold(read(world.answers())), team, Meter.objects.get(pk=meter.pk))
        for (number, world), team, meter in zip(worlds.items(), teams, meters, strict=True)
    ]


def pieces(world: World, meter: Meter, dice: Random) -> Iterator[list[Answer]]:
    """The answers of a world in up to three pieces, as a rule in order; each piece tells one once more."""
    answers = [as_stored(meter, slot, answer) for slot, answer in enumerate(world.answers())]
    if dice.random() < 0.5:
        dice.shuffle(answers)
    cuts = sorted(dice.randint(0, len(answers)) for _ in range(2))
    for start, end in zip([0, *cuts], [*cuts, len(answers)], strict=True):
        yield [*answers[start:end], *answers[:1]]


def as_stored(meter: Meter, slot: int, answer: ToldAnswer) -> Answer:
    """An answer as a poll brings it; what is beyond counting cannot be read."""
    return Answer(
        meter_id=meter.pk,
        slot=slot,
        started_at=moment(answer.asked),
        ended_at=moment(answer.asked),
        interval_seconds=answer.interval // 1_000_000,
        status=200,
        period_start=moment(answer.starts),
        period_end=_end(answer.ends),
        total_tokens=_count(answer.totals[TOKENS]),
        total_requests=_count(answer.totals[REQUESTS]),
        breakdown={
            name: (counts.get(TOKENS, 0), counts.get(REQUESTS, 0)) for name, counts in answer.models.items()
        },
        cost=Decimal(answer.totals[COST]) / 1_000_000 if COST in answer.totals else None,
        currency="USD" if COST in answer.totals else None,
    )


def _end(ends: int | None) -> datetime | None:
    return None if ends is None else moment(min(ends, LAST_YEAR))


def _count(count: int) -> int | None:
    return count if count <= LARGEST else None

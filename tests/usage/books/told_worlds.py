"""Worlds of every kind in the books: a team and a meter for each, told in any order, in pieces and again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from teams.models import Key, Plan, Team
from tests.usage.reference.answers import COST, MINUTE, REQUESTS, TOKENS
from tests.usage.reference.answers import Answer as ToldAnswer
from tests.usage.reference.disturbances import world_of
from tests.usage.reference.model import Ledger, fold
from tests.usage.reference.reading import LARGEST, LAST_YEAR, read
from tests.usage.reference.worlds import World
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.refold import refold
from usage.ledger.words import moment
from usage.models import CounterReset, Meter, RawPoll

ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe")


@dataclass(frozen=True)
class Told:
    """A world, what the model makes of its answers, and the meter that was told them, the last at `now`."""

    number: int
    world: World
    ledger: Ledger
    now: int
    team: Team
    meter: Meter

    @property
    def until(self) -> int:
        """Until when answers came: later than the end of a period that is told and told again."""
        last, ends = self.ledger.lines[TOKENS].last.at, self.ledger.periods[-1].ends
        return self.now if ends <= last and self.now > ends + 2 * MINUTE else last


def tell(numbers: Iterable[int]) -> list[Told]:
    """Worlds by their numbers, stored."""
    worlds = {number: world_of(number) for number in numbers}
    meters = make_meters(worlds)
    rounds: list[list[Answer]] = [[], [], []]
    for (number, world), meter in zip(worlds.items(), meters, strict=True):
        for piece, answers in zip(rounds, pieces(world, meter, Random(number)), strict=True):
            piece += answers
    for piece in rounds:
        store(piece)
        for world, meter in zip(worlds.values(), meters, strict=True):
            say_that_it_began_again(world, meter)
    return [told(*one, meter) for one, meter in zip(worlds.items(), meters, strict=True)]


def assert_in_all(check: Callable[[Told], None], numbers: range, at_once: int = 100) -> None:
    """Check each of some worlds, stored so many at once; one that fails is named."""
    for first in numbers[::at_once]:
        for one in tell(range(first, min(first + at_once, numbers.stop))):
            try:
                check(one)
            except AssertionError as broken:
                raise AssertionError(f"in world {one.number}, {one.world.kind}") from broken


def make_meters(numbers: Iterable[int]) -> list[Meter]:
    """A meter with a key of a team of its own for each number."""
    teams = Team.objects.bulk_create(
        Team(name="Acme", slug=f"world-{number}", time_zone=ZONES[number % len(ZONES)]) for number in numbers
    )
    keys = Key.objects.bulk_create(Key(team=team, name="Main", plan=Plan.FREE) for team in teams)
    return Meter.objects.bulk_create(
        Meter(team=key.team, key=key, name="Main", next_poll_at=timezone.now()) for key in keys
    )


def say_that_it_began_again(world: World, meter: Meter) -> None:
    """What people say of answers that are there, once they are."""
    said = CounterReset.objects.of_meters([meter.pk]).instants()
    there = RawPoll.objects.filter(meter=meter, at__in=world.resets - said) if world.resets else ()
    for answer in there:
        CounterReset.objects.create(meter=meter, at=answer.at, decided_at=timezone.now())
        refold(Meter.objects.get(pk=meter.pk), meter.team.zone, answer.at)


def told(number: int, world: World, meter: Meter) -> Told:
    """A world once its answers are stored; the next poll is due five minutes after the last."""
    answers = read(world.answers())
    now = max(answer.instant for answer in answers)
    meter = Meter.objects.select_related("team", "key").get(pk=meter.pk)
    meter.answered_at, meter.next_poll_at = moment(now), moment(now + 5 * MINUTE)
    meter.save(update_fields=["answered_at", "next_poll_at"])
    return Told(number, world, fold(answers, world.resets), now, meter.team, meter)


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

"""Invariants 2, 5, 7 and 9 once more, through the database, against the world that made the polls."""

import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.models import Team
from tests.parts import parts
from tests.usage.books.test_ingest import answer_of
from tests.usage.stored import make_meter
from tests.usage.worlds import World, honest_worlds
from usage.books.ingest import store
from usage.explore.reading import numbers
from usage.ledger import Quality, SeriesKey, fold
from usage.ledger.grid import QUARTER, days, value_at
from usage.ledger.words import COVERAGE, moment

pytestmark = pytest.mark.django_db

serial = itertools.count()
QUARTER_HOUR = timedelta(minutes=15)
ZONES = ("UTC", "Asia/Kathmandu", "America/Havana", "Australia/Lord_Howe")


@dataclass(frozen=True)
class Polled:
    """A world, and a team whose one key was polled in it."""

    world: World
    team: Team


def polled(world: World, zone: str = "UTC") -> Polled:
    """Store the polls of a world."""
    number = next(serial)
    team = Team.objects.create(name="Acme", slug=f"world-{number}", time_zone=zone)
    meter = make_meter(team)
    store(answer_in(poll, meter) for poll in world.polls())
    return Polled(world, team)


def answer_in(poll, meter):
    """The answer behind a poll, in a slot of its own, also where its period names no end."""
    answer = answer_of(replace(poll, period_end=poll.period_end or poll.at), meter)
    return replace(answer, slot=poll.at, period_end=answer.period_end if poll.period_end else None)


def edges_around(world):
    """Quarters of an hour from the first period's start to the last poll, on whole quarters."""
    first = world.start_of(world.polls_at[0]) // QUARTER
    last = -(-world.polls_at[-1] // QUARTER)
    step = max((last - first) // 20, 1)
    return [moment(number * QUARTER) for number in sorted({*range(first, last, step), last})]


def assert_truth_less_what_nobody_could_see(told: Polled) -> None:
    world, edges = told.world, edges_around(told.world)
    shown = numbers.read(told.team, edges, "tokens", now=moment(world.polls_at[-1])).total
    begin = world.start_of(world.polls_at[0])
    truth = world.used(begin, world.polls_at[-1]).total()
    lost = 0
    for earlier, later in pairwise(world.polls_at):
        if world.start_of(later) != world.start_of(earlier):
            lost += world.used(earlier, world.start_of(later)).total()
    assert shown == truth - lost <= truth


def unseen_at(knots, at):
    """Microseconds flagged as seen by nobody, up to an instant."""
    flagged = (Quality.TAIL_UNKNOWN, Quality.UNKNOWN)
    return sum(value_at(knots, SeriesKey(quality, COVERAGE), at) for quality in flagged)


def assert_unseen_is_flagged(world: World) -> None:
    knots = fold(world.polls()).knots
    for earlier, later in pairwise(world.polls_at):
        start = world.start_of(later)
        if start != world.start_of(earlier):
            for at, _, _ in (event for event in world.events if earlier < event[0] <= start):
                assert unseen_at(knots, at) - unseen_at(knots, at - 1) == 1


def assert_buckets_have_their_length(told: Polled) -> None:
    now, edges = moment(told.world.polls_at[-1]), edges_around(told.world)
    found = numbers.read(told.team, edges, "tokens", now=now)
    for (start, end), seen in zip(pairwise(edges), found.qualities, strict=True):
        assert sum(seen.values()) == (min(end, now) - start) // timedelta(microseconds=1)


def assert_days_sum_to_quarters(told: Polled) -> None:
    zone, polls_at = told.team.zone, told.world.polls_at
    local = [moment(at).astimezone(zone).date() for at in (polls_at[0], polls_at[-1])]
    spans = days(local[0] - timedelta(days=6), local[1] + timedelta(days=1), zone)
    by_day = numbers.read(told.team, [moment(start) for start, _ in spans] + [moment(spans[-1][1])], "tokens")
    quarters = [moment(spans[0][0]), moment(spans[0][0]) + QUARTER_HOUR, moment(spans[-1][1])]
    assert by_day.total == numbers.read(told.team, quarters, "tokens").total


@settings(max_examples=25)
@given(honest_worlds(least_polls=2), st.sampled_from(ZONES))
def test_what_is_read_is_the_truth_less_what_nobody_could_see(world, zone):
    assert_truth_less_what_nobody_could_see(polled(world, zone))


@given(honest_worlds(least_polls=2))
def test_what_nobody_could_see_lies_in_time_that_is_flagged(world):
    assert_unseen_is_flagged(world)


@settings(max_examples=25)
@given(honest_worlds(least_polls=2))
def test_the_seconds_of_every_bucket_that_is_read_are_its_length(world):
    assert_buckets_have_their_length(polled(world))


@settings(max_examples=15)
@given(honest_worlds(least_polls=2), st.sampled_from(ZONES))
def test_days_that_are_read_sum_to_the_quarters_that_are_read(world, zone):
    assert_days_sum_to_quarters(polled(world, zone))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", parts(range(20), in_chaos=4))
@settings(max_examples=500)
@given(world=honest_worlds(least_polls=2), zone=st.sampled_from(ZONES))
def test_all_of_it_holds_in_ten_thousand_worlds(part, world, zone):
    told = polled(world, zone)
    assert_truth_less_what_nobody_could_see(told)
    assert_unseen_is_flagged(world)
    assert_buckets_have_their_length(told)
    assert_days_sum_to_quarters(told)

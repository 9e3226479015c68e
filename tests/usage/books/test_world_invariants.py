"""Invariants 2, 5, 7 and 9 once more, through the database, against the world that made the polls."""

import itertools
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.models import Team
from tests.usage.books.test_ingest import answer_of
from tests.usage.stored import make_meter
from tests.usage.worlds import honest_worlds
from usage.books.ingest import store
from usage.explore.reading import numbers
from usage.ledger import Quality, SeriesKey, fold
from usage.ledger.grid import QUARTER, days, value_at
from usage.ledger.words import COVERAGE, moment

pytestmark = pytest.mark.django_db

serial = itertools.count()
QUARTER_HOUR = timedelta(minutes=15)
ZONES = ("UTC", "Asia/Kathmandu", "America/Havana", "Australia/Lord_Howe")


def stored(world, zone="UTC"):
    """A team whose one key was polled in this world."""
    number = next(serial)
    team = Team.objects.create(name="Acme", slug=f"world-{number}", time_zone=zone)
    meter = make_meter(team)
    store(answer_in(poll, meter) for poll in world.polls())
    return team


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


@settings(max_examples=25)
@given(honest_worlds(least_polls=2), st.sampled_from(ZONES))
def test_what_is_read_is_the_truth_less_what_nobody_could_see(world, zone):
    team, edges = stored(world, zone), edges_around(world)
    shown = numbers.read(team, edges, "tokens", now=moment(world.polls_at[-1])).total
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


@given(honest_worlds(least_polls=2))
def test_what_nobody_could_see_lies_in_time_that_is_flagged(world):
    knots = fold(world.polls()).knots
    for earlier, later in pairwise(world.polls_at):
        start = world.start_of(later)
        if start != world.start_of(earlier):
            for at, _, _ in (event for event in world.events if earlier < event[0] <= start):
                assert unseen_at(knots, at) - unseen_at(knots, at - 1) == 1


@settings(max_examples=25)
@given(honest_worlds(least_polls=2))
def test_the_seconds_of_every_bucket_that_is_read_are_its_length(world):
    team, edges = stored(world), edges_around(world)
    found = numbers.read(team, edges, "tokens", now=moment(world.polls_at[-1]))
    for (start, end), seen in zip(pairwise(edges), found.qualities, strict=True):
        until = min(end, moment(world.polls_at[-1]))
        assert sum(seen.values()) == (until - start) // timedelta(microseconds=1)


@settings(max_examples=15)
@given(honest_worlds(least_polls=2), st.sampled_from(ZONES))
def test_days_that_are_read_sum_to_the_quarters_that_are_read(world, zone):
    team = stored(world, zone)
    local = [moment(at).astimezone(team.zone).date() for at in (world.polls_at[0], world.polls_at[-1])]
    spans = days(local[0] - timedelta(days=6), local[1] + timedelta(days=1), team.zone)
    by_day = numbers.read(team, [moment(start) for start, _ in spans] + [moment(spans[-1][1])], "tokens")
    quarters = [moment(spans[0][0]), moment(spans[0][0]) + QUARTER_HOUR, moment(spans[-1][1])]
    assert by_day.total == numbers.read(team, quarters, "tokens").total

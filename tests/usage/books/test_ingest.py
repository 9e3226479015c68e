"""What is stored equals what the pure fold says, however the answers arrive."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.models import Team
from tests.usage.stored import assert_stored_equals_fold, make_meter
from tests.usage.worlds import START, answers
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.ledger import REQUESTS, TOKENS
from usage.ledger.words import microseconds, moment
from usage.models import Knot, Meter, RawPoll

numbers = itertools.count()


def answer_of(poll, meter):
    """The raw answer behind a poll of the random worlds."""
    breakdown = {
        model: (poll.models.get((model, TOKENS), 0), poll.models.get((model, REQUESTS), 0))
        for model in {series.model for series in poll.models}
    }
    return Answer(
        meter_id=meter.pk,
        slot=poll.asked // 1_000_000,
        started_at=moment(poll.asked),
        ended_at=moment(poll.asked),
        interval_seconds=300,
        status=200,
        period_start=moment(poll.period_start),
        period_end=moment(poll.period_end),
        total_tokens=poll.totals[TOKENS],
        total_requests=poll.totals[REQUESTS],
        breakdown=breakdown,
    )


@pytest.mark.django_db
@settings(max_examples=60)
@given(st.lists(answers(), min_size=1, max_size=12, unique_by=lambda poll: poll.asked), st.data())
def test_any_answers_in_any_order_and_pieces_are_stored_as_the_fold_says(polls, data):
    number = next(numbers)
    team = Team.objects.create(name="Acme", slug=f"acme-{number}", time_zone="Asia/Kathmandu")
    meter = make_meter(team)
    waiting = data.draw(st.permutations(polls))
    while waiting:
        size = data.draw(st.integers(1, len(waiting)))
        piece, waiting = waiting[:size], waiting[size:]
        store(answer_of(poll, meter) for poll in [*piece, piece[0]])
    assert_stored_equals_fold(team, meter)


@pytest.fixture
def meter(team):
    return make_meter(team)


def steady(meter, index, tokens):
    at = moment(START + 3600_000_000 + index * 300_000_000)
    return Answer(
        meter_id=meter.pk,
        slot=index,
        started_at=at,
        ended_at=at,
        interval_seconds=300,
        status=200,
        period_start=moment(START),
        total_tokens=tokens,
        total_requests=index,
        breakdown={"rax-4.0": (tokens, index)},
    )


def test_a_quarter_and_a_day_that_grow_keep_their_openings(team, meter):
    for index in range(1, 9):
        store([steady(meter, index, index * 50)])
    assert_stored_equals_fold(team, meter)


def test_what_is_told_after_the_end_raises_what_is_stored(team, meter):
    end = moment(START + 3600_000_000 + 450_000_000)
    for index, tokens in ((1, 50), (2, 60), (3, 75), (4, 75), (5, 90)):
        store([replace(steady(meter, index, tokens), period_end=end)])
        assert_stored_equals_fold(team, meter)
    assert Knot.objects.get(at=microseconds(end)).told_at > microseconds(end)


def test_a_slot_is_stored_once(meter):
    assert store([steady(meter, 1, 10), steady(meter, 1, 99)]) == 1
    assert store([steady(meter, 1, 10)]) == 0
    assert RawPoll.objects.get().total_tokens == 10


def test_new_polls_raise_the_team_s_generation_and_repeats_do_not(team, meter):
    store([steady(meter, 1, 10)])
    store([steady(meter, 1, 10)])
    team.refresh_from_db()
    assert team.generation == 1


def test_a_meter_that_vanished_is_passed_over(meter):
    answer = steady(meter, 1, 10)
    Meter.objects.all().delete()
    assert store([answer]) == 0


def test_an_answer_without_counters_is_kept_raw(meter):
    at = moment(START)
    store([Answer(meter.pk, 1, at, at, 300, status=503, error="unavailable")])
    assert RawPoll.objects.get().error == "unavailable"
    meter.refresh_from_db()
    assert meter.state is None


def test_a_batch_of_meters_costs_few_queries(team, meter, django_assert_max_num_queries):
    meters = [meter, *(make_meter(team, name=f"Key {index}") for index in range(40))]
    store(steady(each, 1, 10) for each in meters)
    with django_assert_max_num_queries(19):
        store(steady(each, 2, 20) for each in meters)

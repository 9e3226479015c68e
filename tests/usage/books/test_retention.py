"""What is thrown away changes no number, and what is kept still proves them."""

import itertools
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from rax import Limits
from teams.models import Team
from tests.usage.books.test_ingest import answer_of, steady
from tests.usage.books.test_rolling import Roller
from tests.usage.conftest import make_key
from tests.usage.stored import make_meter
from tests.usage.worlds import START, answers
from usage.books import past, retention
from usage.books.ingest import store
from usage.books.verify import meter_differences, rebuild, team_differences
from usage.ledger import SeriesKey
from usage.ledger.grid import QUARTER
from usage.ledger.words import microseconds, moment
from usage.models import Day, Knot, LimiterWindow, Meter, PastSums, Quarter, RawPoll, TeamDay, TeamQuarter
from usage.quota import limiter

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = moment(START) + 400 * DAY
numbers = itertools.count()


def rollups():
    """All that pages read. A team's row that came to nothing is as good as none."""
    rows = [sorted(model.objects.values_list()) for model in (Quarter, Day)]
    return rows + [sorted(model.objects.exclude(amount=0).values_list()) for model in (TeamQuarter, TeamDay)]


@pytest.fixture
def meter(team):
    return make_meter(team)


@hypothesis(max_examples=40)
@given(st.lists(answers(), min_size=2, max_size=14, unique_by=lambda poll: poll.asked), st.data())
def test_deleting_raw_polls_changes_no_total_and_leaves_what_proves_them(polls, data):
    team = Team.objects.create(name="Acme", slug=f"pruned-{next(numbers)}")
    meter = make_meter(team)
    store(answer_of(poll, meter) for poll in polls)
    before, last = rollups(), max(poll.asked for poll in polls)
    age = data.draw(st.integers(0, last - START)) - (last - START)
    retention.prune(meter.pk, moment(last + age) + timedelta(days=90))
    assert rollups() == before
    meter.refresh_from_db()
    assert meter_differences(meter) == []
    rebuild(meter)
    assert rollups() == before
    late = data.draw(answers())
    store([answer_of(late, meter)])
    meter.refresh_from_db()
    assert meter_differences(meter) == []
    assert team_differences(team) == []


def test_what_is_old_goes_and_two_periods_stay(meter):
    store(steady(meter, index * 60, index * 500) for index in range(1, 120))
    retention.prune(meter.pk, NOW)
    assert RawPoll.objects.count() == 119  # one period: all of it is needed
    for period in (1, 2):
        shifted = [monthly(meter, period, index) for index in range(1, 20)]
        store(shifted)
    retention.prune(meter.pk, NOW)
    assert RawPoll.objects.count() == 38
    meter.refresh_from_db()
    assert meter_differences(meter) == []


def test_the_oldest_polls_to_keep_stand_on_a_knot_from_which_a_fold_goes_on(meter, settings):
    store(steady(meter, index, tokens) for index, tokens in ((1, 700), (2, 500), (3, 505), (10, 510)))
    store(monthly(meter, period, 1) for period in (1, 2))
    corrected = Knot.objects.get(quality="corrected")
    keep = moment(corrected.at) + timedelta(minutes=1)
    retention.prune(meter.pk, keep + settings.RAW_RETENTION_DAYS * DAY)
    meter.refresh_from_db()
    assert meter.pruned_at < corrected.at
    assert Knot.objects.get(at=meter.pruned_at).firm


def test_polls_of_a_merged_meter_go_with_those_of_its_account(team, meter):
    spare = make_meter(team, "Spare")
    Meter.objects.filter(pk=spare.pk).update(merged_into=meter)
    for index in (2, 4, 6, 8):
        store([steady(meter, index, index * 10), steady(spare, index + 1, index * 10)])
    for period in (1, 2):
        store([monthly(meter, period, 1), monthly(spare, period, 2)])
    retention.run(NOW)
    assert [RawPoll.objects.filter(meter=each).count() for each in (meter, spare)] == [2, 2]


def monthly(meter, period, index):
    """A poll of a later month."""
    answer = steady(meter, index, index * 10)
    later = period * 30 * DAY
    changes = {
        "slot": period * 100_000 + index,
        "started_at": answer.started_at + later,
        "ended_at": answer.ended_at + later,
        "period_start": answer.period_start + later,
    }
    return replace(answer, **changes)


def test_the_newest_knot_is_never_deleted(meter):
    store([steady(meter, 1, 500), steady(meter, 2, 600)])
    newest = Knot.objects.latest("at").at
    retention.prune(meter.pk, NOW + 1_000 * DAY)
    assert Knot.objects.latest("at").at == newest
    store([steady(meter, 3, 700)])
    assert Meter.objects.get().ledger_state.values()[SeriesKey("rax-4.0", "tokens")] == 700


def test_a_window_that_rolls_can_be_proven_after_its_polls_are_gone(team, settings):
    settings.RAW_RETENTION_DAYS = 0
    roller = Roller(make_meter(team))
    for number in range(1, 200):
        store([roller.answer(number)])
    before = rollups()
    past.sum_up(team, microseconds(roller.answer(199).started_at) // QUARTER * QUARTER)
    retention.prune(roller.meter.pk, roller.answer(150).started_at)
    assert not PastSums.objects.exists()
    assert RawPoll.objects.count() < 199
    out = StringIO()
    call_command("ledger", "rebuild", stdout=out)
    assert rollups() == before


def test_it_is_done_once_a_day_whoever_asks(team):
    key, old = make_key(team), Limits(received_at=NOW - 40 * DAY, requests_limit=60)
    found = []
    for now in (NOW, NOW, NOW + DAY / 2, NOW + DAY):
        limiter.observe(key.pk, old, "poll")
        found.append((retention.is_due(now), retention.run_when_due(now)))
    assert found == [(True, 1), (False, 0), (False, 0), (True, 1)]


def test_limits_that_nobody_speaks_of_go(team):
    key = make_key(team)
    limiter.acquire_for_polls({key.pk: 1}, timezone.now())
    assert retention.prune_limits(timezone.now()) == 0
    assert retention.prune_limits(timezone.now() + 40 * DAY) == 1
    assert not LimiterWindow.objects.exists()


def test_it_deletes_in_short_transactions(meter, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 7)
    store(steady(meter, index, 0) for index in range(1, 60))
    RawPoll.objects.update(at=None)
    assert retention.prune_unreadable(NOW) == 59

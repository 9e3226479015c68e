"""The stored ledger can be proven, repaired, and moved to another zone."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from tests.common.jobs import run_jobs
from tests.usage.books.test_ingest import steady
from tests.usage.stored import assert_stored_equals_fold, make_meter
from usage.books import zone_change
from usage.books.calendar import is_current
from usage.books.ingest import store
from usage.books.verify import meter_differences
from usage.explore import numbers
from usage.ledger.grid import day_start
from usage.ledger.words import moment
from usage.models import Knot, Quarter, RawPoll, TeamDay


@pytest.fixture
def meter(team):
    meter = make_meter(team)
    store(steady(meter, index * 7, index * 500) for index in range(1, 120))
    return meter


def run(action):
    out = StringIO()
    call_command("ledger", action, stdout=out)
    return out.getvalue()


def test_an_untouched_ledger_is_as_it_must_be(meter):
    assert "as it must be" in run("verify")


@pytest.mark.parametrize("damage", ["quarters", "knots", "team"])
def test_damage_is_found_and_repaired(team, meter, damage):
    if damage == "quarters":
        row = Quarter.objects.order_by("number")[5]
        Quarter.objects.filter(series_id=row.series_id, number=row.number).update(value=row.value + 1)
    elif damage == "knots":
        Knot.objects.order_by("at")[7].delete()
    else:
        TeamDay.objects.filter(metric="tokens").update(amount=1)
    with pytest.raises(SystemExit):
        run("verify")
    run("rebuild")
    assert "as it must be" in run("verify")
    assert_stored_equals_fold(team, meter)


def test_a_quarter_in_which_a_line_rose_and_fell_again_is_as_it_must_be(team):
    """The provider names later what it had not named; then comes an answer that was late."""
    meter = make_meter(team)
    start = steady(meter, 0, 0).started_at.replace(minute=0, second=0)
    told = [(0, {}), (2, {}), (4, {"rax-4.0": (9, 1)}), (30, {"rax-4.0": (9, 1)}), (20, {"rax-4.0": (9, 1)})]
    for slot, (minutes, breakdown) in enumerate(told):
        at = start + timedelta(minutes=minutes)
        total = 9 if minutes else 0
        answer = replace(steady(meter, slot, total), started_at=at, ended_at=at, total_requests=total // 9)
        store([replace(answer, breakdown=breakdown)])
    assert meter_differences(meter) == []
    assert_stored_equals_fold(team, meter)


def test_a_rebuilt_meter_is_watched_since_its_first_period(team):
    meter = make_meter(team)
    first, second = steady(meter, 1, 500), steady(meter, 30 * 288, 10)
    store([first, replace(second, period_start=second.started_at - timedelta(hours=1))])
    meter.refresh_from_db()
    assert meter.watched_from == first.period_start
    run("rebuild")
    meter.refresh_from_db()
    assert meter.watched_from == first.period_start


def test_without_raw_polls_a_rebuild_keeps_what_is_there(team, meter):
    before = list(Quarter.objects.values_list("series_id", "number", "value").order_by("series_id", "number"))
    RawPoll.objects.all().delete()
    run("rebuild")
    after = list(Quarter.objects.values_list("series_id", "number", "value").order_by("series_id", "number"))
    assert before == after


def test_deleting_old_raw_polls_changes_nothing_that_is_rebuilt(team, meter):
    before = set(Quarter.objects.values_list("series_id", "number", "opening", "value"))
    keep = RawPoll.objects.order_by("at")[60].at
    RawPoll.objects.filter(at__lt=keep).delete()
    run("rebuild")
    assert set(Quarter.objects.values_list("series_id", "number", "opening", "value")) == before


def test_a_team_that_changes_its_zone_sees_right_days_before_and_after_they_are_rewritten(team, meter):
    team.time_zone = "Asia/Kathmandu"
    team.save()
    start = RawPoll.objects.earliest("at").started_at.astimezone(team.zone).date()
    edges = [moment(day_start(start + timedelta(days=index), team.zone)) for index in range(6)]
    stale = numbers.read(team, edges, "tokens").amounts
    assert not is_current(team)
    zone_change.start(team)
    run_jobs()
    team.refresh_from_db()
    assert is_current(team)
    assert numbers.read(team, edges, "tokens").amounts == stale
    assert_stored_equals_fold(team, meter)

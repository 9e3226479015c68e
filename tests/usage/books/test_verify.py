"""The stored ledger can be proven, repaired, and moved to another zone."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from teams.models import Team
from tests.common.jobs import run_jobs
from tests.usage.books.test_ingest import steady
from tests.usage.stored import assert_stored_equals_fold, make_meter
from usage.books.ingest import store
from usage.books.rollups import zone_change
from usage.books.rollups.calendar import is_current
from usage.books.verify import meter_differences
from usage.explore.reading import numbers
from usage.ledger.grid import day_start
from usage.ledger.words import moment
from usage.models import Knot, Meter, Quarter, RawPoll, TeamDay

NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)


@pytest.fixture
def meter(team):
    meter = make_meter(team)
    store(steady(meter, index * 7, index * 500) for index in range(1, 120))
    return meter


def run(action, **options):
    out = StringIO()
    call_command("ledger", action, stdout=out, **options)
    return out.getvalue()


def test_an_untouched_ledger_is_as_it_must_be(meter):
    assert "as it must be" in run("verify")


def test_it_says_what_it_compared(team, meter):
    lines = run("verify").splitlines()
    rows = Knot.objects.count() + Quarter.objects.exclude(value=F("opening")).count()
    assert RawPoll.objects.count() == 119
    told = re.fullmatch(r"\[1/2\] Acme / Main: as it must be \(119 polls, (\d+) rows\)", lines[0])
    assert told
    assert int(told[1]) >= rows
    assert re.fullmatch(r"\[2/2\] Acme: as it must be \(\d+ rows of sums\)", lines[1])
    assert lines[2].startswith("Compared: meters 1, teams 1, polls folded again 119, rows held against them ")
    assert lines[2].endswith("; all is as it must be.")


def test_it_looks_at_the_chosen_team_alone(team, meter):
    TeamDay.objects.filter(team=team, metric="tokens").update(amount=1)
    other = Team.objects.create(name="Beta", slug="beta")
    assert run("verify", team=["beta"]).startswith("[1/1] Beta: as it must be")
    with pytest.raises(SystemExit):
        run("verify", team=[other.slug, "acme"])


@pytest.mark.parametrize("name", ["Main", "number"])
def test_it_looks_at_the_chosen_meter_alone(team, meter, name):
    TeamDay.objects.filter(team=team, metric="tokens").update(amount=1)
    make_meter(team, "Second")
    told = run("verify", meter=[str(meter.pk) if name == "number" else name])
    assert told.startswith("[1/1] Acme / Main: as it must be")
    assert "Compared: meters 1, teams 0, " in told


def test_a_meter_that_another_counts_is_looked_at_there(team, meter):
    Meter.objects.create(team=team, name="Merged", next_poll_at=NOON, merged_into=meter)
    assert run("verify", meter=["Merged"]).startswith("[1/1] Acme / Main: ")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"team": ["acmee"]}, "--team: there is no team 'acmee': there is acme."),
        ({"meter": ["Mian"]}, "--meter: there is no meter 'Mian': there is Main."),
        ({"meter": ["9" * 30]}, f"--meter: there is no meter '{'9' * 30}': there is Main."),
    ],
)
def test_a_name_that_is_unknown_is_told(team, meter, options, words):
    with pytest.raises(CommandError, match=re.escape(words)) as told:
        run("verify", **options)
    assert told.value.returncode == 2


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

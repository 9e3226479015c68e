"""A team that moves to another zone has its days written again, slice by slice, and sees no wrong one."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.test import Client

from common.jobs import worker
from common.models import Job
from teams.models import Team
from tests.cast import Cast
from tests.common.jobs import run_jobs
from tests.directions import without_directions
from tests.usage.books.test_ingest import steady
from tests.usage.stored import assert_stored_equals_fold, make_meter
from usage.books import verify
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.books.rollups import zone_change
from usage.books.rollups.calendar import is_current
from usage.explore.reading import numbers
from usage.ledger.grid import day_start
from usage.ledger.words import moment
from usage.models import Meter, Quarter, RawPoll, TeamDay

pytestmark = pytest.mark.django_db

POLLS = 120


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of a few rows: a day takes several."""
    monkeypatch.setattr(zone_change, "ROWS", 40)


@pytest.fixture
def meter(team: Team) -> Meter:
    """A key polled every 35 minutes for three days."""
    meter = make_meter(team)
    store(steady(meter, index * 7, index * 500) for index in range(1, POLLS))
    return meter


def move(team: Team, zone: str) -> None:
    Team.objects.filter(pk=team.pk).update(time_zone=zone)
    team.refresh_from_db()
    zone_change.start(team)


def daily(team: Team) -> object:
    """The numbers of six local days."""
    first = RawPoll.objects.earliest("at").started_at.astimezone(team.zone).date()
    edges = [moment(day_start(first + timedelta(days=index), team.zone)) for index in range(6)]
    return numbers.read(Team.objects.get(pk=team.pk), edges, "tokens").amounts


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_days_are_written_again_in_any_zone(team: Team, meter: Meter, zone: str) -> None:
    move(team, zone)
    run_jobs()
    assert is_current(Team.objects.get())
    assert_stored_equals_fold(team, meter)


def test_whoever_looks_meanwhile_sees_right_days(team: Team, meter: Meter) -> None:
    move(team, "Asia/Kathmandu")
    before, slices = daily(team), 0
    while worker.work(seconds=0):
        slices += 1
        assert daily(team) == before
    assert slices > 5
    assert daily(team) == before


def test_days_of_every_currency_are_written_again(team: Team, meter: Meter) -> None:
    """Also of one that appears meanwhile, whose name comes before those that are done."""

    def costs(number: int, currency: str) -> Answer:
        told = steady(meter, number * 7, number * 500)
        return replace(told, cost=Decimal(number), currency=currency)

    store(costs(number, "EUR") for number in range(POLLS, POLLS + 30))
    move(team, "Asia/Kathmandu")
    for number in range(POLLS + 30, POLLS + 60):
        worker.work(seconds=0)
        store([costs(number, "CHF")])
    run_jobs()
    assert set(TeamDay.objects.values_list("metric", flat=True)) >= {"cost:EUR", "cost:CHF"}
    assert verify.team_differences(Team.objects.get()) == []


def test_polls_that_come_meanwhile_are_counted_once(team: Team, meter: Meter) -> None:
    move(team, "Asia/Kathmandu")
    for number in range(POLLS, POLLS + 30):
        assert worker.work(seconds=0)
        store([steady(meter, number * 7, number * 500)])
    run_jobs()
    assert_stored_equals_fold(team, meter)


def test_a_slice_reads_as_many_quarters_as_it_may(team: Team, meter: Meter) -> None:
    move(team, "Asia/Kathmandu")
    done = [0]
    while worker.work(seconds=0):
        done.append(Job.objects.get().done)
    most_of_a_day = 100
    assert max(b - a for a, b in pairwise(done)) <= max(zone_change.ROWS, most_of_a_day)
    assert Job.objects.get().done == done[-1]


def test_quarters_are_not_written_again(team: Team, meter: Meter) -> None:
    Quarter.objects.filter(number=Quarter.objects.earliest("number").number).update(value=7, opening=0)
    before = set(Quarter.objects.values_list("series", "number", "opening", "value"))
    move(team, "Asia/Kathmandu")
    run_jobs()
    assert set(Quarter.objects.values_list("series", "number", "opening", "value")) == before


def test_who_moves_on_meanwhile_gets_the_days_of_the_last_zone(team: Team, meter: Meter) -> None:
    move(team, "Asia/Kathmandu")
    for _ in range(4):
        worker.work(seconds=0)
    move(team, "America/Los_Angeles")
    assert Job.objects.active().count() == 1
    run_jobs()
    assert is_current(Team.objects.get())
    assert_stored_equals_fold(team, meter)


def test_who_moves_back_meanwhile_gets_the_days_that_were(team: Team, meter: Meter) -> None:
    move(team, "Asia/Kathmandu")
    for _ in range(4):
        worker.work(seconds=0)
    move(team, "UTC")
    assert not is_current(Team.objects.get())
    run_jobs()
    assert_stored_equals_fold(team, meter)


def test_other_teams_and_other_keys_keep_theirs(team: Team, meter: Meter) -> None:
    other = Team.objects.create(name="Others", slug="others")
    theirs, second = make_meter(other), make_meter(team, "Second")
    for each in (theirs, second):
        store(steady(each, index * 50, index * 70) for index in range(1, 40))
    move(team, "Asia/Kathmandu")
    run_jobs()
    assert_stored_equals_fold(other, theirs)
    assert verify.team_differences(Team.objects.get(pk=team.pk)) == []


def test_a_team_whose_days_are_of_its_zone_has_nothing_to_write(team: Team, meter: Meter) -> None:
    assert not zone_change.start(team)
    assert not zone_change.start(Team.objects.create(name="New", slug="new"))
    assert not Job.objects.exists()


def test_a_zone_that_was_changed_in_the_shell_is_found(team: Team, meter: Meter) -> None:
    Team.objects.update(time_zone="Asia/Kathmandu")
    zone_change.start_stale()
    zone_change.start_stale()
    assert Job.objects.count() == 1


def test_the_settings_page_shows_how_far_it_is(cast: Cast) -> None:
    meter = make_meter(cast.team)
    store(steady(meter, index * 7, index * 500) for index in range(1, POLLS))
    alice: Client = cast.client("alice")
    form = {"name": "Acme", "quota_time_zone": "UTC", "keep_prompts_days": "0"}
    html = alice.post("/t/acme/settings/", form | {"time_zone": "Asia/Tokyo"}, follow=True).content.decode()
    assert "Writing the days anew in the team&#x27;s time zone" in html
    assert "asked by Alice" in without_directions(html)
    run_jobs()
    assert "Writing the days anew" not in alice.get("/t/acme/settings/").content.decode()

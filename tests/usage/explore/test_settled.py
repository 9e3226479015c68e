"""Pages of many keys read settled days by cohorts, and say the same as if they read each key."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.models import Chore
from teams.keys.attributes import change_attributes
from teams.models import ALWAYS, Key, Label, Owner
from tests.cast import Cast, make_key
from tests.usage.explore import companies
from tests.usage.explore.companies import Company
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.explore.test_questions import assert_answers
from tests.usage.polled import answer, make_meter
from usage.books.ingest import store
from usage.books.rollups.cohorts import settle
from usage.explore.query.dimensions import Dimension, Filter
from usage.explore.reading import numbers, settling
from usage.explore.reading.numbers import Numbers
from usage.ledger.words import moment
from usage.models import Cohort, CohortDay, CohortQuarter, Meter, SettledDay

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEYS, DAYS = 24, 5
# Today and tomorrow.
AHEAD = 2
TODAY = NOON.date()


@pytest.fixture
def keys(cast: Cast) -> list[Key]:
    """Keys of two projects that each use 10 tokens an hour for some days."""
    found = [cast.key, *(make_key(cast.team, cast.alice, f"Key {number}") for number in range(1, KEYS))]
    night = Label.objects.named(cast.team, ["Night"])
    change_attributes(found[::2], ALWAYS, {"project": "Chat", "labels": night})
    meters = [make_meter(key, NOON) for key in found]
    hours = DAYS * 24
    store(
        answer(meter, NOON - (hours - hour) * HOUR, {"rax": (10 * hour, hour)}, *PERIOD)
        for hour in range(hours + 1)
        for meter in meters
    )
    return found


def by_project(cast: Cast, days: float = DAYS) -> Numbers:
    count = int(days * 8)
    edges = [NOON - (count - place) * 3 * HOUR for place in range(count + 1)]
    return numbers.read(cast.team, edges, "tokens", (Dimension.PROJECT,), NOON)


def settled_days() -> list:
    return sorted(SettledDay.objects.filter(is_summed=True).values_list("day", flat=True))


def test_days_are_settled_up_to_the_next_and_read_together(cast: Cast, keys: list[Key]) -> None:
    before = by_project(cast)
    assert settling.run(NOON) == DAYS + AHEAD
    assert settled_days() == [TODAY + number * DAY for number in range(-DAYS, AHEAD)]
    assert Cohort.objects.count() == 2
    assert by_project(cast) == before
    # Of a settled day nothing else is read.
    CohortQuarter.objects.update(amount=0)
    CohortDay.objects.update(amount=0)
    assert not any(by_project(cast).sums.values())


def test_what_is_polled_of_today_is_read_together_too(cast: Cast, keys: list[Key]) -> None:
    settling.run(NOON)
    at, used = NOON + HOUR, 10 * (DAYS * 24 + 1)
    store(answer(meter, at, {"rax": (used, 122)}, *PERIOD) for meter in Meter.objects.all())
    edges = [NOON - 4 * HOUR, NOON, at + HOUR]
    asked = (cast.team, edges, "tokens", (Dimension.PROJECT,), at)
    together = numbers.read(*asked)
    assert settling.run(at) == 0
    SettledDay.objects.all().delete()
    assert numbers.read(*asked) == together
    # A sample is in the middle of its request: a token of each is still of the hour before.
    assert together.total == KEYS * 51


def test_the_same_page_reads_days_of_them(cast: Cast, keys: list[Key]) -> None:
    midnight = NOON - 12 * HOUR
    edges = [midnight - number * DAY for number in range(4, -1, -1)]
    read = (cast.team, edges, "tokens", (Dimension.LABEL,), NOON)
    before = numbers.read(*read)
    settling.run(NOON)
    assert numbers.read(*read) == before
    CohortDay.objects.filter(metric="tokens").update(amount=0)
    assert numbers.read(*read).total == 4 * KEYS * 240  # the team's own sums
    assert sum(numbers.read(*read).sums.values()) == 0


def test_a_group_that_cuts_through_a_cohort_reads_its_keys(cast: Cast, keys: list[Key]) -> None:
    settling.run(NOON)
    change_attributes(keys[:2], ALWAYS, {"owner": Owner.of(cast.bob)})
    CohortQuarter.objects.update(amount=0)
    bob = Filter.of(Dimension.OWNER, [str(cast.bob.pk)])
    edges = [NOON - 2 * DAY, NOON - DAY]
    found = numbers.read(cast.team, edges, "tokens", (Dimension.PROJECT,), NOON, filters=(bob,))
    assert found.total == 2 * 240


def test_where_attributes_change_the_days_are_settled_anew(cast: Cast, keys: list[Key]) -> None:
    settling.run(NOON)
    assert settling.run(NOON) == 0
    change_attributes(keys[:4], TODAY - 2 * DAY, {"owner": Owner.of(cast.bob)})
    before = by_project(cast)
    assert settling.run(NOON) == 2 + AHEAD
    assert Cohort.objects.count() == 2 + 4
    assert by_project(cast) == before


def test_in_another_zone_days_are_others(cast: Cast, keys: list[Key]) -> None:
    settling.run(NOON)
    before = by_project(cast).sums
    cast.team.time_zone = "Asia/Kathmandu"
    cast.team.save()
    CohortQuarter.objects.update(amount=0)
    assert by_project(cast).sums == before
    assert settling.run(NOON) == DAYS + AHEAD
    assert by_project(cast).sums == before


def test_a_team_of_few_keys_has_none(cast: Cast) -> None:
    meter = make_meter(cast.key, NOON)
    store(answer(meter, NOON - hour * HOUR, {"rax": (100 - hour, 1)}, *PERIOD) for hour in range(72, 0, -1))
    assert settling.run(NOON) == 0


def test_it_is_done_once_in_ten_minutes_or_goes_on_where_something_is_left(
    cast: Cast, keys: list[Key]
) -> None:
    assert settling.run_when_due(NOON, seconds=0) == 0
    assert settling.run_when_due(NOON) == DAYS + AHEAD
    assert settling.run_when_due(NOON) == 0
    assert Chore.objects.get(name=settling.NAME).due_at == NOON + settling.EVERY


def test_it_takes_no_more_queries(cast: Cast, keys: list[Key]) -> None:
    with CaptureQueriesContext(connection) as before:
        by_project(cast)
    settling.run(NOON)
    with CaptureQueriesContext(connection) as after:
        by_project(cast)
    assert len(after) == len(before)


def random_cohorts(company: Company, dice: Random) -> Iterator[list[int]]:
    """Some meters together, and others, whoever their keys are of."""
    meters = [one.meter.pk for one in company.told]
    dice.shuffle(meters)
    place = dice.randint(1, len(meters))
    yield from filter(None, (meters[:place], meters[place:]))


def settle_at_random(company: Company) -> int:
    """Sum up some days of a company by cohorts that have nothing to do with what is asked."""
    dice = Random(company.number)
    watched = [at for one in company.told for at in one.world.watched()]
    first, last = (company.team.day_of(moment(at)) for at in (min(watched), max(watched)))
    days = [first + number * DAY for number in range(min((last - first).days, 90))]
    cohorts = list(random_cohorts(company, dice))
    for day in days:
        if dice.random() < 0.1:
            cohorts = list(random_cohorts(company, dice))
        if dice.random() < 0.8:
            settle(company.team, day, cohorts)
    return SettledDay.objects.filter(team=company.team, is_summed=True).count()


def test_every_question_is_answered_to_the_token_whatever_the_cohorts_are() -> None:
    assert Meter.objects.count() == 0
    for company in companies.found(range(20, 24)):
        assert settle_at_random(company)
        for question in range(20):
            assert_answers(company, Random(f"settled {company.number} {question}"))


def test_keys_of_the_same_past_are_looked_through_together(cast: Cast, keys: list[Key]) -> None:
    change_attributes(keys[1:3], TODAY, {"project": "New"})
    asked = numbers.Asked(cast.team, (NOON - DAY, NOON), "tokens", (Dimension.PROJECT,), NOON)
    sizes = sorted(len(part.meters) for part in asked.scope.parts)
    assert sizes == [1, 1, 1, 1, KEYS // 2 - 1, KEYS // 2 - 1]
    assert sorted(asked.scope.meter_ids) == sorted(Meter.objects.values_list("pk", flat=True))

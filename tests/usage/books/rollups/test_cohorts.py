"""Days that are over are summed up by cohorts of meters, until anything of them changes."""

from collections import Counter
from datetime import date, timedelta
from io import StringIO
from itertools import product

import pytest
from django.core.management import call_command

from teams.models import Team
from tests.cast import Cast, make_key
from tests.usage.explore.reading import NOON, PERIOD
from tests.usage.polled import at_once, make_meter, poll
from usage.books.rollups import cohorts, unused_cohorts
from usage.books.rollups.cohorts import settle
from usage.models import Cohort, CohortDay, CohortQuarter, Meter, SettledDay

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YESTERDAY = NOON.date() - DAY


@pytest.fixture
def meters(cast: Cast) -> list[Meter]:
    """Two keys that use 100 and 1,000 tokens an hour for two days."""
    keys = [cast.key, make_key(cast.team, cast.bob, "Second")]
    found = [make_meter(key, NOON) for key in keys]
    with at_once():
        for hour, (meter, tokens) in product(range(49), zip(found, (100, 1_000), strict=True)):
            poll(meter, NOON - (48 - hour) * HOUR, {"rax": (tokens * hour, hour)}, *PERIOD)
    return found


def settled(team: Team, *groups: list[Meter], day: date = YESTERDAY) -> bool:
    return settle(team, day, [[meter.pk for meter in group] for group in groups])


def by_day(metric: str = "tokens") -> list[int]:
    return sorted(CohortDay.objects.filter(metric=metric).values_list("amount", flat=True))


def test_a_cohort_holds_what_its_meters_used_on_the_day(cast: Cast, meters: list[Meter]) -> None:
    assert settled(cast.team, meters)
    # A sample is in the middle of its request: 24 hours at one pace.
    assert by_day() == [24 * 1_100]
    assert by_day("requests") == [48]
    assert by_day("coverage") == [2 * 24 * 3_600_000_000]
    hours = Counter[int]()
    for number, amount in CohortQuarter.objects.filter(metric="tokens").values_list("number", "amount"):
        hours[number] += amount
    assert len(hours) == 96
    assert sum(hours.values()) == 24 * 1_100


def test_each_cohort_has_its_own(cast: Cast, meters: list[Meter]) -> None:
    assert settled(cast.team, meters[:1], meters[1:])
    assert by_day() == [2_400, 24_000]


def test_a_late_answer_of_the_day_takes_it_away(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters)
    settled(cast.team, meters, day=YESTERDAY - DAY)
    poll(meters[0], NOON - 30 * HOUR + 5 * HOUR / 10, {"rax": (1_860, 18)}, *PERIOD)
    assert list(SettledDay.objects.values_list("day", flat=True)) == [YESTERDAY - DAY]


def test_answers_of_other_days_leave_it(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters)
    poll(meters[0], NOON + HOUR, {"rax": (4_900, 49)}, *PERIOD)
    assert SettledDay.objects.filter(is_summed=True).count() == 1


def test_what_changes_while_it_is_summed_up_counts(
    cast: Cast, meters: list[Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cohorts.changes

    def changes(day: SettledDay) -> list:
        rows = found(day)
        poll(meters[0], NOON - 30 * HOUR + HOUR / 2, {"rax": (1_860, 18)}, *PERIOD)
        return rows

    monkeypatch.setattr(cohorts, "changes", changes)
    assert not settled(cast.team, meters)
    assert not SettledDay.objects.exists()
    monkeypatch.undo()
    assert settled(cast.team, meters)
    assert by_day() == [24 * 1_100]


def test_summed_up_again_it_is_as_the_meters_are_now(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters)
    first = cohorts.quarters_of(SettledDay.objects.get())[0]
    # Told at 00:30: all of an hour's use was in its first half.
    poll(meters[1], NOON - 36 * HOUR + HOUR / 2, {"rax": (13_000, 13)}, *PERIOD)
    settled(cast.team, meters)
    assert by_day() == [24 * 1_100]
    amounts = dict(CohortQuarter.objects.filter(metric="tokens").values_list("number", "amount"))
    # 1,000 tokens in the first two quarters and 100 in all four, but for half a second.
    assert [round(amounts[first + place], -1) for place in range(4)] == [520, 520, 30, 20]


def test_a_model_that_is_no_more_of_the_day_counts_nothing(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters)
    CohortDay.objects.create(
        cohort_id=SettledDay.objects.get().cohorts[0], metric="tokens", day=YESTERDAY, model="gone", amount=5
    )
    settled(cast.team, meters)
    assert CohortDay.objects.get(model="gone").amount == 0


def test_verify_names_a_sum_that_is_wrong(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters)
    out = StringIO()
    call_command("ledger", "verify", stdout=out)
    assert "all is as it must be" in out.getvalue()
    CohortDay.objects.filter(metric="tokens").update(amount=1)
    with pytest.raises(SystemExit):
        call_command("ledger", "verify", stdout=out)
    assert "cohorts" in out.getvalue()
    call_command("ledger", "rebuild", stdout=out)
    call_command("ledger", "verify", stdout=out)


def kept() -> list[int]:
    """By how many meters the cohorts are that are there, and those of the rows that are."""
    for model in (CohortDay, CohortQuarter):
        assert set(model.objects.values_list("cohort", flat=True)) == set(
            Cohort.objects.values_list("pk", flat=True)
        )
    return sorted(len(cohort.meters) for cohort in Cohort.objects.all())


def test_one_by_which_no_day_is_summed_up_any_more_goes_a_while_later(
    cast: Cast, meters: list[Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unused_cohorts, "AT_ONCE", 10)
    settled(cast.team, meters)
    assert unused_cohorts.prune(NOON) == 0
    settled(cast.team, meters[:1], meters[1:])
    assert unused_cohorts.prune(NOON + DAY) == 0
    # Whoever opened a page a moment ago reads it yet.
    assert unused_cohorts.prune(NOON + DAY + HOUR / 2) == 0
    assert kept() == [1, 1, 2]
    assert unused_cohorts.prune(NOON + 2 * DAY) > 96
    assert kept() == [1, 1]
    assert by_day() == [2_400, 24_000]


def test_one_that_is_used_again_stays(cast: Cast, meters: list[Meter]) -> None:
    settled(cast.team, meters)
    settled(cast.team, meters[:1], meters[1:])
    unused_cohorts.prune(NOON)
    settled(cast.team, meters)
    assert unused_cohorts.prune(NOON + 2 * DAY) == 0
    assert kept() == [1, 1, 2]
    assert Cohort.objects.exclude(unused_since=None).count() == 2


def test_one_that_is_used_again_while_it_goes_stays(
    cast: Cast, meters: list[Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unused_cohorts, "AT_ONCE", 50)
    settled(cast.team, meters)
    settled(cast.team, meters[:1], meters[1:])
    unused_cohorts.prune(NOON)
    parts = unused_cohorts._parts

    def meanwhile(pk: int):
        for number, part in enumerate(parts(pk)):
            yield part
            if number == 0:
                settled(cast.team, meters)

    monkeypatch.setattr(unused_cohorts, "_parts", meanwhile)
    unused_cohorts.prune(NOON + 2 * DAY)
    assert kept() == [1, 1, 2]
    assert not cohorts.differ(cast.team)

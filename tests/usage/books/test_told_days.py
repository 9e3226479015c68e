"""Days told by other sources count where no poll measured, once, and survive whatever is made again."""

from datetime import timedelta

import pytest

from teams.models import Team
from tests.usage.accounts.counting import count_apart, count_once
from tests.usage.books.test_stretches import DAY, HOUR, MINUTE, NOON, NOVEMBER, answer
from tests.usage.stored import make_meter
from usage.books import retention
from usage.books.ingest import store as poll
from usage.books.told_days import ToldDayRow, store
from usage.books.verify import meter_differences, rebuild, team_differences
from usage.explore.reading import numbers
from usage.ledger import Quality
from usage.ledger.words import microseconds, moment
from usage.models import Meter, RawPoll, SharingSuggestion, Stretch, TeamModel, ToldDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def meter(team: Team) -> Meter:
    return make_meter(team)


def day(meter: Meter, number: int, tokens: int = 70, told: timedelta = HOUR) -> ToldDayRow:
    """A day of so many tokens, counted from 1 November."""
    start = NOVEMBER + (number - 1) * DAY
    return ToldDayRow(
        meter_id=meter.pk,
        start=microseconds(start),
        end=microseconds(start + DAY),
        total_tokens=tokens,
        total_requests=3,
        breakdown={"rax-9": [tokens - 10, 3]},
        source=ToldDay.Source.IMPORT,
        told_at=NOON + told,
    )


def told(meter: Meter) -> list[tuple[int, int]]:
    """(day of November, tokens) of what counts of told days."""
    rows = Stretch.objects.filter(meter=meter, quality=Quality.TOLD).order_by("start")
    return [((moment(row.start) - NOVEMBER).days + 1, sum(row.amounts["tokens"].values())) for row in rows]


def assert_proven(meter: Meter) -> None:
    """The ledger is as it must be, and a rebuilt one is the same."""
    meter = Meter.objects.get(pk=meter.pk)
    before = rows()
    assert meter_differences(meter) == team_differences(meter.team) == []
    rebuild(meter)
    assert rows() == before


def rows() -> list[tuple[object, ...]]:
    columns = ("meter", "start", "end", "quality", "amounts")
    return list(Stretch.objects.order_by("meter", "end").values_list(*columns))


def with_hole(meter: Meter) -> None:
    """A period that ended on the 5th at noon; the next one begins on the 20th at noon."""
    half = DAY / 2
    end, start = NOVEMBER + 4 * DAY + half, NOVEMBER + 19 * DAY + half
    poll([answer(meter, NOVEMBER + 4 * DAY, 50, start=NOVEMBER, end=end)])
    poll([answer(meter, start + HOUR, 5, start=start)])


def test_days_before_a_key_is_polled_count_until_its_period_tells_them(meter: Meter) -> None:
    store([day(meter, number) for number in (-3, -2, 1, 2)])
    assert told(meter) == [(-3, 70), (-2, 70), (1, 70), (2, 70)]
    poll([answer(meter, NOON, 5)])
    assert told(meter) == [(-3, 70), (-2, 70)]
    assert_proven(meter)


def test_a_first_period_that_ends_with_a_told_day_takes_its_place(meter: Meter) -> None:
    store([day(meter, number) for number in (0, 1)])
    poll([answer(meter, NOVEMBER + DAY, 5)])
    assert told(meter) == [(0, 70)]
    assert_proven(meter)


def test_days_told_of_a_hole_count_and_the_rest_stays_unknown(team: Team, meter: Meter) -> None:
    with_hole(meter)
    store([day(meter, number) for number in range(1, 28)])
    assert told(meter) == [(number, 70) for number in range(6, 20)]
    edges = [NOVEMBER + (number - 1) * DAY for number in (6, 7, 20, 21)]
    found = numbers.read(team, edges, "tokens", now=NOON)
    named = {found.names.of_series(found.by, series): amounts for series, amounts in found.amounts.items()}
    assert named["rax-9"] == (60, 780, 0)
    assert found.qualities[0] == {Quality.TOLD: DAY // timedelta(microseconds=1)}
    assert found.qualities[2][Quality.UNKNOWN] == DAY // timedelta(microseconds=2)
    assert_proven(meter)


def test_a_hole_that_shows_itself_later_is_filled_then(meter: Meter) -> None:
    store([day(meter, number) for number in range(1, 28)])
    with_hole(meter)
    assert told(meter) == [(number, 70) for number in range(6, 20)]
    assert_proven(meter)


def test_a_poll_of_the_hole_that_comes_late_takes_the_place_of_what_was_told(meter: Meter) -> None:
    with_hole(meter)
    store([day(meter, number) for number in range(6, 12)])
    late = answer(
        meter, NOVEMBER + 8 * DAY + HOUR, 9, start=NOVEMBER + 8 * DAY - HOUR, end=NOVEMBER + 9 * DAY
    )
    poll([late])
    assert told(meter) == [(6, 70), (7, 70), (10, 70), (11, 70)]
    assert_proven(meter)


def test_the_same_day_counts_once_and_the_newest_told_wins(meter: Meter) -> None:
    store([day(meter, 1, 50, told=2 * HOUR), day(meter, 1, 40, told=3 * HOUR)])
    store([day(meter, 1, 99, told=HOUR)])
    assert told(meter) == [(1, 40)]
    store([day(meter, 1, 60, told=4 * HOUR)])
    assert told(meter) == [(1, 60)]
    assert ToldDay.objects.count() == 1


def test_of_days_in_two_zones_the_newest_told_counts(meter: Meter) -> None:
    with_hole(meter)
    shifted = day(meter, 8, 33, told=2 * HOUR)
    hours = microseconds(NOON + 5 * HOUR) - microseconds(NOON)
    store(
        [day(meter, 8), day(meter, 9), shifted._replace(start=shifted.start + hours, end=shifted.end + hours)]
    )
    assert told(meter) == [(8, 33)]
    assert_proven(meter)


def test_what_was_told_has_its_models_and_its_rest(team: Team, meter: Meter) -> None:
    store([day(meter, 1)])
    assert Stretch.objects.get().amounts == {
        "tokens": {"rax-9": 60, "(unattributed)": 10},
        "requests": {"rax-9": 3},
    }
    assert TeamModel.objects.filter(team=team, model="rax-9").exists()


def test_it_stays_when_the_polls_around_it_are_deleted(meter: Meter) -> None:
    with_hole(meter)
    for number in range(1, 4):
        start = NOVEMBER + number * 30 * DAY
        poll([answer(meter, start + MINUTE, 5, start=start), answer(meter, start + HOUR, 6, start=start)])
    store([day(meter, number) for number in range(6, 12)])
    before = rows()
    retention.prune(meter.pk, NOON + 400 * DAY)
    assert RawPoll.objects.count() < 8
    store([day(meter, 12, 80)])
    assert told(meter)[-1] == (12, 80)
    assert len(rows()) == len(before) + 1
    assert_proven(meter)


def test_what_was_told_of_two_keys_of_one_account_counts_once(team: Team, meter: Meter) -> None:
    other = make_meter(team, "Other")
    for each in (meter, other):
        with_hole(each)
        store([day(each, number) for number in range(6, 12)])
    suggestion = SharingSuggestion.objects.create(
        team=team, first=meter, second=other, changes=4, noticed_at=NOON
    )
    kept = count_once(suggestion, None, NOON)
    assert kept
    assert told(kept) == [(number, 70) for number in range(6, 12)]
    assert Stretch.objects.exclude(meter=kept).count() == 0
    assert_proven(kept)
    count_apart(Meter.objects.get(merged_into=kept), None, NOON)
    for each in (meter, other):
        assert told(each) == [(number, 70) for number in range(6, 12)]
        assert_proven(each)


def test_days_that_are_told_raise_the_team_s_generation(team: Team, meter: Meter) -> None:
    store([day(meter, 1)])
    team.refresh_from_db()
    assert team.generation == 1

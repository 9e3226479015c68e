"""What is known of a day and of a period, what only in part, and what not: never a zero for the last."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from teams.models import Key, Plan, Team
from tests.usage.conftest import make_key
from tests.usage.polled import poll_regularly
from tests.usage.quota.watched import MIDNIGHT, Watched, first_told, watched
from tests.usage.reference.answers import REQUESTS, TOKENS
from tests.usage.reference.claims import claim
from tests.usage.reference.lines import TOTAL
from usage.claims import UNKNOWN, Amount, at_least, known
from usage.ledger.words import moment
from usage.models import Meter
from usage.quota.burn import Burn
from usage.quota.key_quota import KeyQuota, key_quotas
from usage.quota.use import day_tokens

DAY = datetime(2026, 11, 26, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HALF_SECOND = timedelta(seconds=0.5)
NOON = DAY + 12 * HOUR


@pytest.fixture
def key(team: Team) -> Key:
    return make_key(team, plan=Plan.FREE)


@pytest.fixture
def meter(key: Key) -> Meter:
    return Meter.objects.create(team=key.team, key=key, name=key.name, next_poll_at=DAY)


def tell(meter: Meter, at: datetime, tokens: int, period: tuple[datetime, datetime] = NOVEMBER) -> None:
    poll_regularly(meter, at - HALF_SECOND, {"rax": (tokens, tokens // 100)}, *period)


def quota(key: Key, now: datetime) -> KeyQuota:
    (found,) = key_quotas(key.team, [key], now)
    return found


def test_before_the_first_answer_nothing_is_known(key: Key, meter: Meter) -> None:
    found = quota(key, NOON)
    assert (found.today.used, found.today_requests, found.period_requests) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert found.period is None


def test_what_the_first_answer_told_at_once_may_be_of_today(key: Key, meter: Meter) -> None:
    tell(meter, NOON, 1_483)
    tell(meter, NOON + 5 * MINUTE, 1_500)
    found = quota(key, NOON + 6 * MINUTE)
    assert found.today.used == at_least(17, 1_483)
    assert found.watched_since == NOON
    assert found.today_requests == at_least(1, 14)
    assert found.period
    assert found.period.used == known(1_500)


def test_a_period_that_began_with_the_day_is_known_from_its_first_answer(key: Key, meter: Meter) -> None:
    tell(meter, NOON, 1_483, (DAY, DAY + timedelta(days=30)))
    assert quota(key, NOON).today.used == known(1_483)


def test_where_nobody_looked_today_nothing_is_known_of_it(key: Key, meter: Meter) -> None:
    tell(meter, DAY - HOUR, 1_483)
    tell(meter, DAY - HOUR / 2, 1_500)
    found = quota(key, DAY + HOUR)
    assert found.today.used == UNKNOWN
    assert found.period
    assert found.period.used == at_least(1_500)


def test_a_day_that_has_just_begun_is_not_seen_yet(key: Key, meter: Meter) -> None:
    tell(meter, DAY - 7 * MINUTE, 1_483)
    tell(meter, DAY - 2 * MINUTE, 1_500)
    found = quota(key, DAY + MINUTE)
    assert not found.is_late
    assert (found.today.used, found.today_requests) == (UNKNOWN, UNKNOWN)


def test_missed_polls_leave_a_lower_bound(key: Key, meter: Meter) -> None:
    for minutes in range(-30, 65, 5):
        tell(meter, DAY + minutes * MINUTE, 5_000 + 10 * minutes)
    last = DAY + HOUR
    assert quota(key, last + 7 * MINUTE).today.used == known(600)
    late = quota(key, last + 8 * MINUTE)
    assert late.is_late
    assert (late.today.used, late.as_of) == (at_least(600), last)
    assert late.period
    assert late.period.used == at_least(5_600)


def test_of_an_outage_across_midnight_any_part_may_be_of_today(key: Key, meter: Meter) -> None:
    for minutes, tokens in ((-180, 4_000), (-120, 5_000), (360, 6_600), (365, 6_700)):
        tell(meter, DAY + minutes * MINUTE, tokens)
    now = DAY + 6 * HOUR + 6 * MINUTE
    found = quota(key, now)
    assert found.today.used == at_least(100, 1_600)
    assert (found.watched_since, found.is_again) == (DAY + 6 * HOUR, True)
    assert found.today.burn == Burn(100, is_least=True, since=DAY + 6 * HOUR)
    assert day_tokens(key, now) == 100


def test_an_outage_within_the_day_is_of_it_to_the_token(key: Key, meter: Meter) -> None:
    for hours, tokens in ((-1, 4_000), (-0.1, 4_100), (0.1, 4_140), (8, 9_000), (8.1, 9_017)):
        tell(meter, DAY + hours * HOUR, tokens)
    now = DAY + 8.1 * HOUR
    # Of the 40 across midnight a straight line puts one half into each day.
    assert quota(key, now).today.used == known(4_897)
    assert day_tokens(key, now) == 4_897


def test_a_night_without_use_is_known_though_nobody_looked(key: Key, meter: Meter) -> None:
    for hours, tokens in ((-3, 4_000), (-2, 5_000), (6, 5_000), (6.1, 5_100)):
        tell(meter, DAY + hours * HOUR, tokens)
    assert quota(key, DAY + 6.1 * HOUR).today.used == known(100)


def test_a_limit_counts_what_is_certain(key: Key, meter: Meter) -> None:
    for minutes in range(-30, 65, 5):
        tell(meter, DAY + minutes * MINUTE, 5_000 + 10 * minutes)
    assert day_tokens(key, DAY + 3 * HOUR) == 600


def test_a_period_that_is_over_says_nothing_of_now(key: Key, meter: Meter) -> None:
    october = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    tell(meter, NOON, 1_500, october)
    found = quota(key, NOON)
    assert found.has_ended
    assert found.period
    assert (found.period.used, found.period_requests) == (UNKNOWN, UNKNOWN)
    assert (found.period.pace, found.period.exhausted_at) == (None, None)


def test_what_was_used_since_a_period_that_is_over_is_not_known(key: Key, meter: Meter) -> None:
    over = DAY + HOUR
    for minutes in range(-120, 70, 5):
        tell(meter, DAY + minutes * MINUTE, 5_000, (DAY - 25 * 24 * HOUR, over))
    now = over + 5 * MINUTE
    Meter.objects.filter(pk=meter.pk).update(answered_at=now, next_poll_at=now + 5 * MINUTE)
    found = quota(key, now)
    assert found.has_ended
    assert (found.today.used, found.today.burn) == (UNKNOWN, None)


@pytest.mark.parametrize("metric", [TOKENS, REQUESTS])
@pytest.mark.parametrize("number", range(40))
def test_it_is_what_the_model_says(key: Key, meter: Meter, number: int, metric: str) -> None:
    world = watched(Random(number))
    world.store(meter)
    found = quota(key, max(moment(world.until), DAY))
    shown = found.today.used if metric == TOKENS else found.today_requests
    assert shown == expected(world, metric)


def expected(world: Watched, metric: str) -> Amount:
    """What the model claims; of what the first answer told at once from before the day nothing is certain."""
    line = world.line(metric)
    if world.until <= MIDNIGHT:
        return UNKNOWN
    told = claim(world.lines(), metric, MIDNIGHT, world.until)
    certain, more = told.certain or 0, told.more
    at_once = first_told(line)
    if at_once and at_once[0] < MIDNIGHT < at_once[1]:
        more = int(line.value(TOTAL, at_once[1]))
        certain = line.total(at_once[1], world.until)
    return known(certain) if told.sureness == "known" and not more else at_least(certain, more)

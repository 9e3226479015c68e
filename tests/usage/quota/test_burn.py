"""How fast a key is used up: never faster than is certain, and said to be so from the first answers on."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from teams.models import Key, Plan, Team
from tests.usage.conftest import make_key
from tests.usage.polled import poll_regularly
from tests.usage.quota.watched import Watched, watched
from tests.usage.reference import burn as model
from tests.usage.reference.answers import HOUR as MODEL_HOUR
from tests.usage.reference.answers import TOKENS
from tests.usage.reference.claims import Lines, stretches
from usage.ledger.words import microseconds, moment
from usage.models import Meter
from usage.quota.burn import Burn, hour_before
from usage.quota.key_quota import KeyQuota, key_quotas
from usage.quota.watch import is_late

DAY = datetime(2026, 11, 26, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WATCHING = DAY + 3 * HOUR + 32 * MINUTE


@pytest.fixture
def key(team: Team) -> Key:
    return make_key(team, plan=Plan.FREE)


@pytest.fixture
def meter(key: Key) -> Meter:
    return Meter.objects.create(team=key.team, key=key, name=key.name, next_poll_at=DAY)


def tell(meter: Meter, at: datetime, tokens: int, period: tuple[datetime, datetime] = NOVEMBER) -> None:
    poll_regularly(meter, at - timedelta(seconds=0.5), {"rax": (tokens, tokens // 100)}, *period)


def quota(key: Key, now: datetime) -> KeyQuota:
    (found,) = key_quotas(key.team, [key], now)
    return found


def burn(key: Key, now: datetime) -> Burn | None:
    return quota(key, now).today.burn


@pytest.mark.parametrize("before", [0, 1_500_000])
def test_the_first_minutes_tell_a_burn_and_an_end_at_the_latest(key: Key, meter: Meter, before: int) -> None:
    for minutes, tokens in ((0, 0), (5, 30_000), (10, 60_000), (17, 70_008)):
        tell(meter, WATCHING + minutes * MINUTE, before + tokens)
    now = WATCHING + 17 * MINUTE
    today = quota(key, now).today
    assert today.burn == Burn(70_008, is_least=True, since=WATCHING)
    assert today.exhausted_at == now + HOUR * ((100_000 - 70_008) / 70_008)
    assert today.is_latest


def test_one_answer_tells_no_burn(key: Key, meter: Meter) -> None:
    tell(meter, WATCHING, 50_000)
    assert burn(key, WATCHING + MINUTE) is None


def test_at_least_nothing_is_no_burn_and_a_whole_hour_of_nothing_is_one(key: Key, meter: Meter) -> None:
    for minutes in range(0, 90, 5):
        tell(meter, WATCHING + minutes * MINUTE, 50_000)
        if minutes < 60:
            assert burn(key, WATCHING + minutes * MINUTE) is None
    assert burn(key, WATCHING + 86 * MINUTE) == Burn(0)


def test_after_an_hour_it_is_known(key: Key, meter: Meter) -> None:
    for minutes in range(0, 65, 5):
        tell(meter, WATCHING + minutes * MINUTE, 50_000 + 100 * minutes)
    assert burn(key, WATCHING + 60 * MINUTE) == Burn(6_000)


def test_missed_polls_make_it_a_lower_bound_and_then_nothing(key: Key, meter: Meter) -> None:
    for minutes in range(0, 125, 5):
        tell(meter, WATCHING + minutes * MINUTE, 100 * minutes)
    last = WATCHING + 120 * MINUTE
    assert burn(key, last + 7 * MINUTE) == Burn(6_000)
    late = burn(key, last + 30 * MINUTE)
    # From 05:00 to 05:32 it used 3,200, and nobody saw the half hour after that.
    assert late == Burn(3_200 * 60 // 62, is_least=True)
    assert burn(key, last + 2 * HOUR) is None


def test_a_tail_that_nobody_saw_makes_it_a_lower_bound(key: Key, meter: Meter) -> None:
    rollover = WATCHING + 70 * MINUTE
    first = NOVEMBER[0], rollover
    for minutes in range(0, 65, 5):
        tell(meter, WATCHING + minutes * MINUTE, 100 * minutes, first)
    tell(meter, rollover + 5 * MINUTE, 700, (rollover, NOVEMBER[1]))
    found = burn(key, rollover + 5 * MINUTE)
    assert found
    assert found.is_least
    # From 03:45 to 04:32 and from 04:42 to 04:47.
    assert found.per_hour == (4_700 + 700) * 60 // 62


def test_a_correction_alone_is_no_burn(key: Key, meter: Meter) -> None:
    for minutes in range(0, 120, 5):
        tell(meter, WATCHING + minutes * MINUTE, 50_000 if minutes < 80 else 20_000)
    assert burn(key, WATCHING + 115 * MINUTE) is None


def test_absurd_counters_are_counted(key: Key, meter: Meter) -> None:
    tell(meter, WATCHING, 0)
    tell(meter, WATCHING + 5 * MINUTE, 10**15)
    today = quota(key, WATCHING + 5 * MINUTE).today
    assert today.burn == Burn(10**15, is_least=True, since=WATCHING)
    assert today.exhausted_at == WATCHING + 5 * MINUTE


@pytest.mark.parametrize("number", range(60))
def test_it_is_what_the_model_says(key: Key, meter: Meter, number: int) -> None:
    dice = Random(number)
    world = watched(dice)
    world.store(meter)
    meter.refresh_from_db()
    now = moment(world.until) + dice.choice((0, 3, 7)) * MINUTE
    assert not is_late(meter, now)
    assert burn(key, now) == expected(world, now)


def expected(world: Watched, now: datetime) -> Burn | None:
    """What the model says of the time since the quarter on which the last hour began; of a stretch that this
    cuts nothing is certain.
    """
    begin, until = microseconds(hour_before(now)), world.until
    line = world.line()
    since = max(model.burn(line, until, until - begin).since, end_of_stretch(world.lines(), begin))
    found = model.burn(line, until, until - since)
    is_young = since > microseconds(now) - MODEL_HOUR
    is_least = is_young or found.at_least or begin < line.knots[0].at
    if until <= since or (is_least and not found.amount):
        return None
    per_hour = found.amount if is_young else found.amount * MODEL_HOUR // (until - since)
    return Burn(per_hour, is_least, moment(since) if is_young else None)


def end_of_stretch(lines: Lines, at: int) -> int:
    """Where the stretch around an instant ends, if something was used in it; else the instant."""
    around = [(start, end) for start, end, _ in stretches(lines, TOKENS) if start < at < end]
    return max((end for start, end in around if lines[TOKENS].total(start, end)), default=at)

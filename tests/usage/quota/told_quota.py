"""The quota page says of worlds of every kind what the independent model says, to the token."""

from common.database.together import read
from teams.models import Key
from tests.usage.books.told_worlds import Told
from tests.usage.quota.test_burn import end_of_stretch
from tests.usage.quota.watched import first_told
from tests.usage.reference import burn as model
from tests.usage.reference.answers import DAY, HOUR, MINUTE, REQUESTS, TOKENS
from tests.usage.reference.claims import QUARTER, claim, stretches
from tests.usage.reference.lines import TOTAL
from usage.claims import UNKNOWN, Amount, at_least, known
from usage.ledger.words import microseconds, moment
from usage.quota.burn import Burn
from usage.quota.key_quota import key_quotas
from usage.quota.page.days import reading_past_days


def assert_quota(told: Told) -> None:
    assert told.meter.key
    (found,) = key_quotas(told.team, [told.meter.key], moment(told.now))
    assert found.today.used == expected_day(told, TOKENS)
    assert found.today_requests == expected_day(told, REQUESTS)
    assert found.today.burn == expected_burn(told)
    assert_days(told, told.meter.key)


def assert_days(told: Told, key: Key) -> None:
    """What is said of each of the days before today."""
    past = read(reading_past_days(told.team, [key], moment(told.now)))
    days = zip(past.month.days[:-1], past.amounts(told.meter.pk), strict=False)
    for day, amount in days:
        said = claim(told.ledger.lines, TOKENS, microseconds(day.start), microseconds(day.end))
        certain = said.certain or 0
        expected = known(certain) if said.sureness == "known" else at_least(certain, said.more)
        assert amount == expected, day


def seen_until(told: Told) -> int:
    return min(told.ledger.lines[TOKENS].last.at, told.ledger.periods[-1].ends)


def has_ended(told: Told) -> bool:
    """Whether a period is told that was over two minutes before: nobody knows what was used since."""
    return told.now > told.ledger.periods[-1].ends + 2 * MINUTE


def expected_day(told: Told, metric: str) -> Amount:
    """What was used since midnight; of what the first answer told at once from before nothing is certain."""
    day, until, line = told.now // DAY * DAY, seen_until(told), told.ledger.lines[metric]
    if until <= day:
        return UNKNOWN
    since, more_before = day, 0
    at_once = first_told(line)
    if at_once and at_once[0] < day < at_once[1]:
        since, more_before = at_once[1], int(line.value(TOTAL, at_once[1]))
    said = claim(told.ledger.lines, metric, since, until)
    certain, more = said.certain or 0, said.more + more_before
    is_known = said.sureness == "known" or since >= until
    return known(certain) if is_known and not more and not has_ended(told) else at_least(certain, more)


def expected_burn(told: Told) -> Burn | None:
    """How fast it was used up since the quarter on which the last hour began."""
    begin, until = (told.now - HOUR) // QUARTER * QUARTER, seen_until(told)
    lines, ended = told.ledger.lines, has_ended(told)
    line = lines[TOKENS]
    since = max(model.burn(line, until, until - begin).since, end_of_stretch(lines, begin))
    if until <= since:
        return None
    found = model.burn(line, until, until - since)
    amount = found.amount - cut_off(told, since)
    is_young = since > told.now - HOUR
    is_least = ended or is_young or found.at_least or begin < line.knots[0].at
    if amount < 0 or (is_least and not amount):
        return None
    length = (told.now if ended else until) - since
    per_hour = amount if is_young else amount * HOUR // length
    return Burn(per_hour, is_least, moment(since) if is_young else None)


def cut_off(told: Told, since: int) -> int:
    """What a straight line puts after an instant of a stretch around it, in which models moved alone."""
    lines = told.ledger.lines
    ends = [end for start, end, _ in stretches(lines, TOKENS) if start < since < end]
    return sum(lines[TOKENS].total(since, end) for end in ends)

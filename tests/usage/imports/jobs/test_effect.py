"""What days would change is reckoned as a reader would: day by day, from what counts and what is told."""

from hypothesis import given
from hypothesis import strategies as st

from usage.imports.jobs.effect import Effect, count_days, effect_of
from usage.ledger import TOKENS, Quality, SeriesKey
from usage.ledger.stretches import LedgerStretch
from usage.ledger.told_days import ToldDay
from usage.ledger.words import DAY

MODEL = SeriesKey("m", TOKENS)
TOKENS_ALONE = frozenset([TOKENS])


def told(number: int, tokens: int, told_at: int = 0) -> ToldDay:
    return ToldDay(number * DAY, (number + 1) * DAY, told_at, {MODEL: tokens} if tokens else {}, TOKENS_ALONE)


def hole(start: int, end: int) -> LedgerStretch:
    return LedgerStretch(start * DAY, end * DAY, Quality.UNKNOWN, {})


def test_days_before_the_polls_come_to_it():
    found = effect_of([], [], [told(1, 5), told(2, 6)], 3 * DAY)
    assert found == Effect(tokens=11, days=2, first=DAY, last=3 * DAY, before=3 * DAY, is_before=True)


def test_days_that_were_measured_fill_nothing():
    found = effect_of([], [], [told(2, 5), told(3, 6), told(4, 7)], 3 * DAY)
    assert (found.tokens, found.days, found.measured) == (5, 1, 2)


def test_the_same_once_more_changes_nothing():
    days = [told(1, 5), told(2, 6)]
    found = effect_of([], days, [told(1, 5, 1), told(2, 6, 1)], 3 * DAY)
    assert found.is_nothing
    assert (found.tokens, found.same, found.before) == (0, 2, None)


def test_a_day_told_otherwise_is_changed():
    found = effect_of([], [told(1, 5)], [told(1, 3, 1)], 3 * DAY)
    assert (found.tokens, found.days, found.changed) == (-2, 0, 1)


def test_a_day_of_another_zone_takes_the_place_of_those_it_overlaps():
    shifted = ToldDay(DAY // 2, DAY + DAY // 2, 1, {MODEL: 9}, TOKENS_ALONE)
    found = effect_of([], [told(0, 5), told(1, 6)], [shifted], 3 * DAY)
    assert (found.tokens, found.days, found.changed) == (9 - 11, 0, 1)


def test_a_hole_between_polls_lies_not_before_them():
    found = effect_of([hole(5, 9)], [], [told(6, 5)], 3 * DAY)
    assert (found.tokens, found.is_before) == (5, False)


def test_two_accounts_come_together():
    one = effect_of([], [], [told(1, 5)], 3 * DAY)
    other = effect_of([], [], [told(4, 6)], 9 * DAY)
    nothing = effect_of([], [told(1, 5)], [told(1, 5, 1)], 99 * DAY)
    found = one.plus(other).plus(nothing)
    expected = Effect(11, 0, 2, 0, 1, 0, first=DAY, last=5 * DAY, before=9 * DAY, is_before=True)
    assert found == expected
    assert Effect.load(found.dump()) == found


def test_half_days_and_short_runs_are_days():
    hours = [LedgerStretch(hour * DAY // 24, (hour + 3) * DAY // 24, Quality.TOLD, {}) for hour in (1, 30)]
    assert count_days(hours) == 2
    assert count_days([LedgerStretch(0, 61 * DAY, Quality.TOLD, {})]) == 61


amounts = st.dictionaries(st.integers(0, 12), st.integers(0, 9), max_size=8)


@given(amounts, amounts, st.integers(0, 13), st.integers(0, 13))
def test_it_is_what_a_reader_would_count(known, new, first, hole_at):
    """A calendar of single days: the newest telling of each day that lies before the polls or in a hole."""
    holes = [hole(hole_at, hole_at + 2)] if hole_at >= first else []
    open_days = {*range(first), *(range(hole_at, hole_at + 2) if holes else ())}
    before = {day: tokens for day, tokens in known.items() if day in open_days}
    after = before | {day: tokens for day, tokens in new.items() if day in open_days}
    found = effect_of(
        holes,
        (told(day, tokens) for day, tokens in known.items()),
        (told(day, tokens, 1) for day, tokens in new.items()),
        first * DAY,
    )
    assert found.tokens == sum(after.values()) - sum(before.values())
    assert found.days == len(after.keys() - before.keys())
    assert found.changed == sum(before[day] != after[day] for day in before)
    assert found.same == sum(day in before and before[day] == new[day] for day in new)
    assert found.measured == len(new.keys() - open_days)

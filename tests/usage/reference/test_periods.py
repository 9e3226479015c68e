"""The model holds to the stories of periods: idle accounts, late rollovers, ends that change, windows that
roll.
"""

from dataclasses import replace

from tests.usage.reference.answers import DAY, SECOND, TOKENS
from tests.usage.reference.claims import Claim, claim
from tests.usage.reference.lines import (
    BEFORE_WATCHING,
    HOLE,
    MEASURED,
    NOT_SEEN,
    TAIL,
)
from tests.usage.reference.model import Ledger, fold
from tests.usage.reference.stories import (
    DECEMBER,
    IN_NOVEMBER,
    IN_OCTOBER,
    NOVEMBER,
    OCTOBER,
    instant,
    told,
)

BEGIN, MIDDLE, END = instant(OCTOBER), instant(NOVEMBER), instant(DECEMBER)


def months(ledger: Ledger) -> list[int]:
    line = ledger.lines[TOKENS]
    return [line.total(BEGIN, MIDDLE), line.total(MIDDLE, END)]


def test_an_idle_account_has_used_all_in_the_period_it_tells() -> None:
    ledger = fold([told("2026-11-26 05:00:00", IN_OCTOBER, 1_500)])
    assert months(ledger) == [1_500, 0]
    assert ledger.lines[TOKENS].qualities(BEGIN, END) == {
        BEFORE_WATCHING: MIDDLE - BEGIN,
        NOT_SEEN: END - MIDDLE,
    }
    assert claim(ledger.lines, TOKENS, MIDDLE, END) == Claim(None)


def test_a_period_long_past_says_nothing_of_any_other_time() -> None:
    january = ("2024-01-01 00:00:00", "2024-02-01 00:00:00")
    answers = [told(f"2026-11-26 05:{minute:02}:00", january, 150_000) for minute in range(0, 60, 5)]
    line = fold(answers).lines[TOKENS]
    assert line.total(instant(january[0]), instant("2024-02-01 00:00:00")) == line.total(0, END) == 150_000
    assert [knot.at for knot in line.knots] == [instant(january[0]), instant("2024-02-01 00:00:00")]


def test_what_is_told_after_the_end_belongs_before_it() -> None:
    late = [
        told("2026-10-31 23:59:50", IN_OCTOBER, 1_000),
        told("2026-11-01 00:00:10", IN_OCTOBER, 1_040),
        told("2026-11-01 00:05:00", IN_NOVEMBER, 50),
    ]
    ledger = fold(late)
    assert months(ledger) == [1_040, 50]
    assert not any(period.at_least(TOKENS) for period in ledger.periods)
    assert ledger.lines[TOKENS].stretches()[1] == (MIDDLE - 10 * SECOND, MIDDLE, MEASURED)


def test_a_rollover_may_lag_by_days() -> None:
    late = [
        told("2026-10-31 23:00:00", IN_OCTOBER, 1_000),
        told("2026-11-01 09:00:00", IN_OCTOBER, 1_030),
        told("2026-11-02 21:00:00", IN_OCTOBER, 1_040),
        told("2026-11-03 00:05:00", IN_NOVEMBER, 50),
    ]
    assert months(fold(late)) == [1_040, 50]
    assert fold(late).notes[0].kind == "rollover"


def test_a_tail_that_nobody_saw_makes_a_lower_bound() -> None:
    answers = [told("2026-10-31 23:59:50", IN_OCTOBER, 1_000), told("2026-11-01 00:05:00", IN_NOVEMBER, 50)]
    ledger = fold(answers)
    assert months(ledger) == [1_000, 50]
    assert [period.at_least(TOKENS) for period in ledger.periods] == [True, False]
    assert ledger.lines[TOKENS].qualities(BEGIN, MIDDLE)[TAIL] == 10 * SECOND


def test_a_period_that_was_never_told_stays_a_hole() -> None:
    december = (DECEMBER, "2027-01-01 00:00:00")
    ledger = fold([told("2026-11-01 00:00:01", IN_OCTOBER, 9), told("2026-12-02 00:00:00", december, 7)])
    line = ledger.lines[TOKENS]
    assert line.qualities(MIDDLE, END) == {HOLE: END - MIDDLE}
    assert (line.total(0, MIDDLE), line.total(END, END + DAY)) == (9, 7)


def test_a_period_before_its_told_end_ends_where_the_next_begins() -> None:
    longer = (OCTOBER, "2026-11-05 00:00:00")
    ledger = fold([told("2026-10-31 23:59:50", longer, 9), told("2026-11-01 01:00:00", IN_NOVEMBER, 7)])
    assert (months(ledger), ledger.periods[0].ends, ledger.notes[0].kind) == ([9, 7], MIDDLE, "rollover")


def test_a_period_whose_end_shrank_is_not_called_exact() -> None:
    longer = (OCTOBER, "2026-11-05 00:00:00")
    ledger = fold([told("2026-10-05 00:00:00", longer, 9), told("2026-10-06 00:00:00", IN_OCTOBER, 10)])
    assert ledger.periods[0].inexact
    assert ledger.periods[0].ends == instant("2026-11-05 00:00:00")


def test_a_stale_answer_that_tells_more_stays_beside_its_period() -> None:
    answers = [
        told("2026-10-31 23:59:50", IN_OCTOBER, 1_000),
        told("2026-11-01 00:05:00", IN_NOVEMBER, 50),
        told("2026-11-01 00:06:00", IN_OCTOBER, 1_348),
    ]
    ledger = fold(answers)
    assert (months(ledger), ledger.periods[0].told_late[TOKENS]) == ([1_000, 50], 1_348)
    assert ledger.reason_of(answers[2]) == "tells an older period"


def test_an_answer_before_its_period_by_our_clock_comes_just_after_its_begin() -> None:
    answers = [told("2026-10-31 23:59:50", IN_NOVEMBER, 5), told("2026-10-31 23:59:55", IN_NOVEMBER, 6)]
    ledger = fold(answers)
    assert [knot.at for knot in ledger.lines[TOKENS].knots] == [MIDDLE, MIDDLE + 1]
    assert months(ledger) == [0, 6]
    assert ledger.reason_of(answers[0]) == "another answer of the same instant counts"


def test_a_clock_that_steps_back_puts_answers_where_they_say() -> None:
    first = told("2026-10-10 12:00:00", IN_OCTOBER, 5)
    back = replace(told("2026-10-10 11:30:00", IN_OCTOBER, 4), asked=first.asked + 1)
    assert months(fold([first, back])) == [5, 0]

"""The model holds to the stories of boundaries that move and windows that roll: lower bounds, that say so."""

from tests.usage.reference.answers import DAY, HOUR, MINUTE, TOKENS, Answer
from tests.usage.reference.claims import claim
from tests.usage.reference.lines import (
    MOVED,
    UNATTRIBUTED,
    model,
)
from tests.usage.reference.model import fold
from tests.usage.reference.stories import (
    DECEMBER,
    IN_NOVEMBER,
    IN_OCTOBER,
    NOVEMBER,
    OCTOBER,
    in_tokens,
    instant,
    told,
)

END = instant(DECEMBER)
BEGIN = instant(OCTOBER)


def test_a_boundary_before_end_and_last_knot_moved() -> None:
    moved = ("2026-10-03 00:00:00", NOVEMBER)
    answers = [
        told("2026-10-02 00:00:00", IN_OCTOBER, 10),
        told("2026-10-05 00:00:00", IN_OCTOBER, 30),
        told("2026-10-06 00:00:00", moved, 25),
    ]
    ledger = fold(answers)
    line = ledger.lines[TOKENS]
    assert (line.total(0, END), ledger.shown(TOKENS)) == (35, [10, 25])
    assert line.stretches()[-1] == (instant("2026-10-05 00:00:00"), instant("2026-10-06 00:00:00"), MOVED)
    assert [period.at_least(TOKENS) for period in ledger.periods] == [True, True]


def test_a_rolling_window_is_a_lower_bound() -> None:
    used_at = range(BEGIN, BEGIN + 3 * DAY, 7 * MINUTE)

    def answer(at: int) -> Answer:
        count = sum(at - DAY <= use < at for use in used_at)
        return Answer(at, at, at - DAY, at, {TOKENS: count}, interval=MINUTE)

    ledger = fold([answer(at) for at in range(BEGIN + DAY, BEGIN + 30 * HOUR, MINUTE)])
    shown = ledger.lines[TOKENS].total(0, END)
    assert shown <= sum(use < BEGIN + 30 * HOUR for use in used_at)
    assert all(period.at_least(TOKENS) for period in ledger.periods[:-1])
    assert claim(ledger.lines, TOKENS, 0, BEGIN + 30 * HOUR).at_least


def test_models_may_come_to_more_than_the_totals_at_a_moved_boundary() -> None:
    moved = ("2026-10-03 00:00:00", NOVEMBER)
    answers = [
        told("2026-10-02 00:00:00", IN_OCTOBER, 0),
        told("2026-10-05 00:00:00", IN_OCTOBER, 30, in_tokens(a=30)),
        told("2026-10-06 00:00:00", moved, 25, in_tokens(b=25)),
    ]
    line = fold(answers).lines[TOKENS]
    assert (line.total(0, END), line.value(UNATTRIBUTED, END)) == (55, 0)


def test_a_period_at_the_end_that_was_told_late_is_a_rollover() -> None:
    answers = [
        told("2026-10-31 23:00:00", (OCTOBER, None), 10),
        told("2026-11-01 09:00:00", (OCTOBER, None), 12),
        told("2026-11-01 10:00:00", IN_OCTOBER, 13),
        told("2026-11-01 11:00:00", IN_NOVEMBER, 5),
    ]
    ledger = fold(answers)
    assert (ledger.lines[TOKENS].total(0, END), ledger.notes[0].kind) == (18, "rollover")
    assert all(period.inexact for period in ledger.periods)


def test_a_model_that_hides_while_the_boundary_moves_is_not_counted_twice() -> None:
    moved = ("2026-10-03 00:00:00", NOVEMBER)
    answers = [
        told("2026-10-02 00:00:00", IN_OCTOBER, 0),
        told("2026-10-05 00:00:00", IN_OCTOBER, 70, in_tokens(a=70)),
        told("2026-10-06 00:00:00", moved, 70),
        told("2026-10-07 00:00:00", moved, 80, in_tokens(a=80)),
    ]
    line = fold(answers).lines[TOKENS]
    assert line.total(0, END) == line.value(model("a"), END) == 80


def test_a_moved_boundary_leaves_the_seats_alone() -> None:
    moved = ("2026-10-03 00:00:00", NOVEMBER)
    answers = [
        told("2026-10-02 00:00:00", IN_OCTOBER, 5, in_tokens(a=5)),
        told("2026-10-05 00:00:00", IN_OCTOBER, 30, in_tokens(a=5, b=25)),
        told("2026-10-06 00:00:00", moved, 25, in_tokens(b=25)),
    ]
    assert fold(answers, seats=1).seats == ("a",)

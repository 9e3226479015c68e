"""The model holds to the stories of counters that fall: glitches, corrections, resets, and what is too
large.
"""

from tests.usage.reference.answers import GLITCH, MINUTE, REQUESTS, TOKENS, Answer
from tests.usage.reference.lines import CORRECTION, OTHER_MODELS, TOTAL, UNATTRIBUTED, model
from tests.usage.reference.model import Ledger, fold
from tests.usage.reference.stories import IN_NOVEMBER, IN_OCTOBER, NOVEMBER, OCTOBER, in_tokens, instant, told

NOON = instant("2026-10-10 12:00:00")
BEGIN, MIDDLE = instant(OCTOBER), instant(NOVEMBER)


def row(*tokens: int, every: int = 5) -> list[Answer]:
    """Answers from noon on, so many minutes from each other."""
    times = [NOON + place * every * MINUTE for place in range(len(tokens))]
    return [
        Answer(at, at, BEGIN, MIDDLE, {TOKENS: count, REQUESTS: 1})
        for at, count in zip(times, tokens, strict=True)
    ]


def bars(ledger: Ledger, since: int, until: int, every: int = 5 * MINUTE) -> list[int]:
    line = ledger.lines[TOKENS]
    return [line.total(at, at + every) for at in range(since, until, every)]


def test_a_copy_that_was_empty_draws_no_stripes() -> None:
    answers = row(40_482, 0, 0, 40_490)
    ledger = fold(answers)
    assert bars(ledger, NOON, NOON + 15 * MINUTE) == [2, 3, 3]
    assert [ledger.reason_of(answer) for answer in answers[1:3]] == [GLITCH, GLITCH]
    assert ledger.notes == []


def test_a_copy_that_is_minutes_behind_takes_nothing_back() -> None:
    behind = [25 if place % 8 == 0 else 0 for place in range(599)]
    answers = row(*[1_000 + 10 * max(place - late, 0) for place, late in enumerate(behind)], every=1)
    ledger = fold(answers)
    assert ledger.lines[TOKENS].total(0, MIDDLE) == 1_000 + 10 * 598
    assert min(bars(ledger, NOON, NOON + 599 * MINUTE)) >= 0
    assert sum(reason == GLITCH for _, reason in ledger.reasons) > 70


def test_a_fall_stands_still_until_half_an_hour_confirms_it() -> None:
    waiting = fold(row(100, 60, 61, 62, 63, 64, 65))
    assert waiting.lines[TOKENS].total(0, MIDDLE) == 100
    assert waiting.fell_by == {(TOKENS, TOTAL): 40}
    believed = fold(row(100, 60, 61, 62, 63, 64, 65, 66))
    assert believed.lines[TOKENS].total(0, MIDDLE) == 66
    assert (believed.fell_by, believed.notes[0].amounts) == ({}, {(TOKENS, TOTAL): 40})


def test_a_confirmed_fall_steps_at_its_first_answer_and_leaves_old_bars() -> None:
    before, after = fold(row(80, 100)), fold(row(80, 100, 60, 61, 62, 63, 64, 65, 66))
    assert before.lines[TOKENS].total(0, NOON + 5 * MINUTE) == after.lines[TOKENS].total(0, NOON + 5 * MINUTE)
    assert bars(after, NOON, NOON + 20 * MINUTE) == [20, -40, 1, 1]
    step = NOON + 10 * MINUTE
    assert (step - 1, step, CORRECTION) in after.lines[TOKENS].stretches()


def test_two_answers_an_hour_apart_confirm_a_fall() -> None:
    assert fold(row(100, 60, 70, every=60)).lines[TOKENS].total(0, MIDDLE) == 70


def test_one_answer_alone_confirms_nothing() -> None:
    assert fold(row(100, 60, every=60)).lines[TOKENS].total(0, MIDDLE) == 100


def test_a_fall_after_the_fall_waits_for_its_own_half_hour() -> None:
    ledger = fold(row(100, 60, 50, 55, 58, 57, 56, 59))
    assert ledger.lines[TOKENS].total(0, MIDDLE) == 60
    assert ledger.fell_by == {(TOKENS, TOTAL): 10}


def test_a_fall_that_nobody_confirmed_before_the_next_period_is_not_believed() -> None:
    answers = [
        told("2026-10-31 23:50:00", IN_OCTOBER, 100),
        told("2026-10-31 23:59:50", IN_OCTOBER, 60),
        told("2026-11-01 00:05:00", IN_NOVEMBER, 5),
    ]
    assert fold(answers).shown(TOKENS) == [100, 5]


def test_a_fall_after_the_end_steps_in_the_last_microsecond_before_it() -> None:
    answers = [
        told("2026-10-31 23:50:00", IN_OCTOBER, 90),
        told("2026-11-01 00:05:00", IN_OCTOBER, 100),
        told("2026-11-01 01:00:00", IN_OCTOBER, 60),
        told("2026-11-01 01:40:00", IN_OCTOBER, 62),
    ]
    ledger = fold(answers)
    line = ledger.lines[TOKENS]
    assert line.stretches()[-1] == (MIDDLE - 1, MIDDLE, CORRECTION)
    assert (line.value(TOTAL, MIDDLE - 1), line.value(TOTAL, MIDDLE)) == (100, 62)
    assert ledger.notes[0].at == answers[2].at


def test_an_answer_is_believed_as_a_whole_or_not_at_all() -> None:
    answers = [
        told("2026-10-10 12:00:00", IN_OCTOBER, 100, in_tokens(a=60, b=40)),
        told("2026-10-10 12:10:00", IN_OCTOBER, 110, in_tokens(a=50, b=60)),
        told("2026-10-10 12:50:00", IN_OCTOBER, 120, in_tokens(a=50, b=70)),
    ]
    waiting, believed = fold(answers[:2]), fold(answers)
    assert (waiting.lines[TOKENS].total(0, MIDDLE), waiting.fell_by) == (100, {(TOKENS, model("a")): 10})
    assert believed.lines[TOKENS].value(model("a"), MIDDLE) == 50
    assert believed.lines[TOKENS].total(0, MIDDLE) == 120


def test_what_is_taken_back_from_a_model_without_a_seat_is_not_left_with_the_others() -> None:
    answers = [
        told("2026-10-10 12:00:00", IN_OCTOBER, 100, in_tokens(a=60, b=40)),
        told("2026-10-10 12:10:00", IN_OCTOBER, 70, in_tokens(a=60, b=10)),
        told("2026-10-10 12:50:00", IN_OCTOBER, 70, in_tokens(a=60, b=10)),
    ]
    line = fold(answers, seats=1).lines[TOKENS]
    assert (line.value(OTHER_MODELS, MIDDLE), line.value(UNATTRIBUTED, MIDDLE)) == (10, 0)


def test_a_person_may_say_that_it_was_a_reset_and_take_it_back() -> None:
    answers = row(100, 20, 30, 40, 50, 60, 70, 80, 90)
    said = fold(answers, resets={answers[1].at})
    assert (said.lines[TOKENS].total(0, MIDDLE), said.shown(TOKENS)) == (190, [100, 90])
    assert [period.at_least(TOKENS) for period in said.periods] == [True, False]
    assert (NOON, NOON + 5 * MINUTE, "tail_unknown") in said.lines[TOKENS].stretches()
    assert fold(answers).lines[TOKENS].total(0, MIDDLE) == 90


def test_a_reset_told_after_the_end_leaves_neither_period_exact() -> None:
    answers = [
        told("2026-10-31 23:50:00", IN_OCTOBER, 90),
        told("2026-11-01 00:05:00", IN_OCTOBER, 100),
        told("2026-11-01 01:00:00", IN_OCTOBER, 7),
    ]
    ledger = fold(answers, resets={answers[2].at})
    assert ledger.lines[TOKENS].total(0, MIDDLE) == 107
    assert [period.inexact for period in ledger.periods] == [True, True]


def test_what_adds_up_to_more_than_can_be_stored_is_refused() -> None:
    most = 2**53
    answers = [
        told("2026-10-10 12:00:00", IN_OCTOBER, most),
        told("2026-10-10 12:05:00", IN_OCTOBER, most + 1),
        told("2026-11-10 12:00:00", IN_NOVEMBER, 1),
    ]
    ledger = fold(answers)
    reasons = [ledger.reason_of(answer) for answer in answers]
    assert reasons == ["believed", *["adds up to more than can be stored"] * 2]
    assert ledger.lines[TOKENS].total(0, MIDDLE) == most

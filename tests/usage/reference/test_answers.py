"""The model holds to the stories of answers: absurd dates, many and ragged models, costs, a key's first
hours.
"""

from dataclasses import replace

import pytest

from tests.usage.reference.answers import COST, DAY, HOUR, MINUTE, TOKENS, Answer
from tests.usage.reference.burn import Burn, burn
from tests.usage.reference.claims import Claim, claim
from tests.usage.reference.lines import NOT_SEEN, OTHER_MODELS, UNATTRIBUTED, model
from tests.usage.reference.model import fold
from tests.usage.reference.stories import (
    DECEMBER,
    IN_NOVEMBER,
    IN_OCTOBER,
    NOVEMBER,
    in_tokens,
    instant,
    told,
)

NOW = instant("2026-11-26 03:32:00")
BEGIN, END = instant(NOVEMBER), instant(DECEMBER)
FIRST = told("2026-11-26 03:32:00", IN_NOVEMBER, 100)
AGES = ("1970-01-01 00:00:00", "2100-01-01 00:00:00")


def test_a_hundred_years_are_a_handful_of_knots() -> None:
    answers = [told("2026-11-26 03:32:00", AGES, 10), told("2026-11-26 03:37:00", AGES, 11)]
    assert len(fold(answers).lines[TOKENS].knots) == 3


def test_a_stale_age_changes_nothing() -> None:
    ages = told("2026-11-26 03:33:00", AGES, 10**12)
    assert fold([FIRST, ages]).lines == fold([FIRST]).lines


def test_a_period_told_after_an_age_counts_what_it_can() -> None:
    answers = [told("2026-11-26 03:30:00", AGES, 10), FIRST]
    ledger = fold(answers)
    assert ledger.lines[TOKENS].total(0, END) == 100
    assert [period.inexact for period in ledger.periods] == [True, False]


def test_an_end_in_the_last_year_of_all_is_as_good_as_none() -> None:
    last = ("2026-11-01 00:00:00", "9999-12-31 23:59:59")
    answers = [told("2026-11-26 03:32:00", last, 10), told("2026-12-01 00:10:00", (DECEMBER, None), 5)]
    assert fold(answers).shown(TOKENS) == [10, 5]


@pytest.mark.parametrize(
    ("useless", "reason"),
    [
        (replace(FIRST, starts=NOW + DAY + 1, ends=NOW + 9 * DAY), "begins more than a day ahead"),
        (replace(FIRST, ends=FIRST.starts), "ends before it begins"),
        (replace(FIRST, totals={TOKENS: -1}), "counts below zero"),
    ],
)
def test_an_answer_that_cannot_be_used_is_kept_with_its_reason(useless: Answer, reason: str) -> None:
    next_one = told("2026-11-26 03:37:00", IN_NOVEMBER, 105)
    ledger = fold([useless, next_one])
    assert ledger.reason_of(useless) == reason
    assert ledger.lines == fold([next_one]).lines


def test_the_same_answers_in_any_order_are_the_same_ledger() -> None:
    answers = [
        FIRST,
        told("2026-11-26 03:37:00", IN_NOVEMBER, 105),
        told("2026-11-26 03:42:00", IN_NOVEMBER, 90),
    ]
    assert fold([*answers[::-1], FIRST]).lines == fold(answers).lines


def test_models_without_a_seat_are_others_and_never_without_a_model() -> None:
    names = {f"m{place:03}": 1_000 - place for place in range(200)}
    ledger = fold([told("2026-11-26 03:32:00", IN_NOVEMBER, sum(names.values()), in_tokens(**names))])
    line = ledger.lines[TOKENS]
    assert (len(ledger.seats), ledger.seats[0], ledger.seats[-1]) == (100, "m000", "m099")
    assert line.value(OTHER_MODELS, END) == sum(sorted(names.values())[:100])
    assert line.value(UNATTRIBUTED, END) == 0


def test_a_new_name_takes_no_seat_from_an_old_one() -> None:
    full = fold(
        [
            told("2026-11-26 03:32:00", IN_NOVEMBER, 10, in_tokens(b=6, c=4)),
            told("2026-11-26 03:37:00", IN_NOVEMBER, 30, in_tokens(a=10, b=9, c=11)),
        ],
        seats=2,
    )
    assert full.seats == ("b", "c")
    assert [full.lines[TOKENS].value(one, END) for one in (model("b"), model("c"), OTHER_MODELS)] == [
        9,
        11,
        10,
    ]


def test_the_other_models_never_fall_when_one_disappears() -> None:
    ledger = fold(
        [
            told("2026-11-26 03:32:00", IN_NOVEMBER, 12, in_tokens(a=6, b=4, c=2)),
            told("2026-11-26 03:37:00", IN_NOVEMBER, 13, in_tokens(a=6, b=5)),
        ],
        seats=1,
    )
    line = ledger.lines[TOKENS]
    assert (line.value(OTHER_MODELS, END), line.value(UNATTRIBUTED, END)) == (6, 1)


def test_those_that_moved_in_the_period_before_keep_their_seats() -> None:
    ledger = fold(
        [
            told("2026-10-31 23:59:00", IN_OCTOBER, 10, in_tokens(b=6, c=4)),
            told("2026-11-01 00:05:00", IN_NOVEMBER, 30, in_tokens(a=21, b=9)),
        ],
        seats=2,
    )
    assert ledger.seats == ("b", "c")


def test_a_model_that_disappears_keeps_its_last_value() -> None:
    ledger = fold(
        [
            told("2026-11-26 03:32:00", IN_NOVEMBER, 10, in_tokens(a=6)),
            told("2026-11-26 03:37:00", IN_NOVEMBER, 12),
            told("2026-11-26 03:42:00", IN_NOVEMBER, 15, in_tokens(a=11)),
        ]
    )
    line = ledger.lines[TOKENS]
    assert [int(line.value(model("a"), NOW + minutes * MINUTE)) for minutes in (0, 5, 10)] == [6, 6, 11]
    assert [int(line.value(UNATTRIBUTED, NOW + minutes * MINUTE)) for minutes in (0, 5, 10)] == [4, 6, 4]


def test_costs_are_a_third_counter_without_models() -> None:
    answers = [
        replace(one, totals={TOKENS: count, COST: 7 * count})
        for one, count in ((FIRST, 100), (told("2026-11-26 03:37:00", IN_NOVEMBER, 0), 130))
    ]
    assert fold(answers).lines[COST].total(0, END) == 910


def test_a_first_hour_has_a_burn_that_is_a_lower_bound() -> None:
    answers = [told("2026-11-26 03:32:00", IN_NOVEMBER, 0), told("2026-11-26 03:49:00", IN_NOVEMBER, 70_008)]
    line = fold(answers).lines[TOKENS]
    assert burn(line, NOW + 17 * MINUTE) == Burn(70_008, since=NOW, at_least=True)
    assert burn(line, NOW + 60 * MINUTE) == Burn(70_008, since=NOW, at_least=False)


def test_what_was_used_before_watching_does_not_burn() -> None:
    assert burn(fold([FIRST]).lines[TOKENS], NOW).amount == 0


def test_a_span_that_cuts_a_stretch_says_what_is_certain_and_what_may_be() -> None:
    answers = [
        told("2026-11-26 03:32:00", IN_NOVEMBER, 1_483),
        told("2026-11-26 03:37:00", IN_NOVEMBER, 1_500),
    ]
    lines = fold(answers).lines
    last_week = claim(lines, TOKENS, NOW - 7 * DAY, NOW + 5 * MINUTE)
    assert last_week == Claim(17, more=1_483)
    assert claim(lines, TOKENS, BEGIN, NOW + 5 * MINUTE) == Claim(1_500)


def test_time_since_the_last_answer_has_no_number() -> None:
    lines = fold([FIRST]).lines
    assert claim(lines, TOKENS, NOW, NOW + 84 * HOUR) == Claim(None)
    assert lines[TOKENS].qualities(NOW, NOW + HOUR) == {NOT_SEEN: HOUR}

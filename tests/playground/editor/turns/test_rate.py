"""The rate of an answer is told where it means something."""

import pytest

from playground.editor.turns.rate import rate_of
from playground.models import Run

WRITTEN = {
    "answer": "Hello",
    "reasoning": "",
    "parameters": {"stream": True},
    "tokens_reported": True,
    "completion_tokens": 100,
    "time_to_first_token_ms": 500,
    "writing_ms": 2_000,
    "duration_ms": 9_000,
}


def test_it_is_tokens_by_the_time_of_writing() -> None:
    assert rate_of(Run(**WRITTEN)) == 50


@pytest.mark.parametrize(
    "fields",
    [
        {"parameters": {"stream": False}},
        {"tokens_reported": False},
        {"completion_tokens": None},
        {"completion_tokens": 1},
        {"writing_ms": 0},
        {"writing_ms": 20},
        {"writing_ms": None, "time_to_first_token_ms": None},
        {"reasoning_tokens": 100},
    ],
)
def test_it_is_not_told_where_it_means_nothing(fields: dict[str, object]) -> None:
    assert rate_of(Run(**{**WRITTEN, **fields})) is None


def test_thinking_that_nobody_saw_is_not_counted_as_written() -> None:
    assert rate_of(Run(**{**WRITTEN, "reasoning_tokens": 40})) == 30
    assert rate_of(Run(**{**WRITTEN, "reasoning_tokens": 40, "reasoning": "Hm"})) == 50


def test_of_earlier_runs_it_is_told_from_the_first_token_to_the_end() -> None:
    assert rate_of(Run(**{**WRITTEN, "writing_ms": None, "duration_ms": 4_500})) == 25

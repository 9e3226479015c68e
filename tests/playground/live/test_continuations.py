"""A long answer costs each second what that brings: what its row has no room for stands beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from playground.editor.start.starting import order_for
from playground.history.erasing import clear_half_erased, erase_all
from playground.live.ends import store_end
from playground.live.log.said import Part
from playground.live.outcome.outcomes import RunOutcome
from playground.live.reaper import reap
from playground.live.runner import LiveRun
from playground.live.saver import save_texts
from playground.models import ROW_CHARS, Continuation, Run, RunState
from playground.models.continuations import continued
from tests.cast import Cast
from tests.playground.conftest import NOON, MakeRun

SECOND = timedelta(seconds=1)
# What a second brings: each time as much, so that the last ones can be held against the first.
BROUGHT = "Half-lives are é" * 64
SECONDS = 60


class Life:
    """A live run, saved once a second as the saver does it."""

    def __init__(self, run: Run, cast: Cast) -> None:
        self.run = run
        self.live = LiveRun(order_for(run, cast.key, []))
        self.saved = self.live.said.sizes
        self.now = NOON

    def live_for(self, seconds: int, part: Part = Part.ANSWER) -> list[int]:
        """Let so many seconds pass; return how many characters were written in each."""
        return [self.second(part) for _ in range(seconds)]

    def second(self, part: Part = Part.ANSWER) -> int:
        """Let a second pass."""
        self.now += SECOND
        self.live.said.take(part, BROUGHT, 0.0)
        with writing() as sizes:
            told = save_texts([self.live.progress(self.saved)], self.now, [self.run.pk])
        self.saved = self.live.said.sizes if self.run.pk not in told.missed else dict.fromkeys(self.saved, 0)
        return sum(sizes)

    @property
    def text(self) -> str:
        """All of the answer so far."""
        return self.live.said.text()


@pytest.fixture
def life(make_run: MakeRun, cast: Cast) -> Life:
    """A run that has written far more than its row holds."""
    one = Life(make_run(state=RunState.RUNNING), cast)
    one.live_for(SECONDS)
    return one


@contextmanager
def writing() -> Iterator[list[int]]:
    """Yield how many characters each statement is given."""
    sizes: list[int] = []

    def count(execute, sql, params, many, context):
        rows = params if many else [params or ()]
        sizes.append(sum(len(value) for row in rows for value in row if isinstance(value, str)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield sizes


def row_of(life: Life) -> tuple[str, int]:
    """What the row of the run holds itself, and how many pieces stand beside it."""
    return Run.objects.values_list("answer", flat=True).get(), Continuation.objects.count()


def test_the_last_second_writes_what_the_first_did(make_run: MakeRun, cast: Cast) -> None:
    first, *_, last = Life(make_run(state=RunState.RUNNING), cast).live_for(SECONDS)
    assert last <= first + 100 < 2 * len(BROUGHT)


def test_the_row_takes_the_beginning_and_is_left_alone_then(life: Life) -> None:
    held, pieces = row_of(life)
    assert ROW_CHARS <= len(held) < ROW_CHARS + len(BROUGHT)
    assert pieces == SECONDS - len(held) // len(BROUGHT)


def test_whoever_reads_a_live_run_reads_all_of_it(life: Life, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        (read,) = Run.objects.for_team(life.run.team)
    assert read.answer == life.text


def test_short_ones_ask_nothing_more(make_run: MakeRun, django_assert_num_queries) -> None:
    make_run(state=RunState.RUNNING, answer="Half a", reasoning="Hm")
    make_run(answer="x" * ROW_CHARS)
    with django_assert_num_queries(1):
        assert len(Run.objects.only("state", "answer", "reasoning", "refusal")) == 2


def test_thinking_goes_on_beside_the_answer(life: Life) -> None:
    life.live_for(2, Part.REASONING)
    read = Run.objects.get()
    assert (read.reasoning, read.answer) == (BROUGHT * 2, life.text)


def test_the_end_writes_all_of_it_into_the_row(life: Life) -> None:
    store_end(life.live.order, RunOutcome(RunState.COMPLETED, answer=life.text))
    assert row_of(life) == (life.text, 0)


def test_a_lost_run_keeps_all_that_was_saved(life: Life) -> None:
    assert reap(Run.objects.all(), life.now + timedelta(minutes=1)) == 1
    assert row_of(life) == (life.text, 0)


def test_one_that_comes_back_is_saved_whole(life: Life) -> None:
    reap(Run.objects.all(), life.now + timedelta(minutes=1))
    life.live_for(3)
    assert Run.objects.get().is_live()
    assert Run.objects.get().answer == life.text


def test_erased_is_erased_beside_the_row_too(life: Life) -> None:
    erase_all(Run.objects.all(), life.now)
    life.second()
    assert row_of(life) == ("", 0)


def test_what_the_version_before_left_beside_a_row_goes(life: Life) -> None:
    clear_half_erased()
    assert Continuation.objects.exists()
    Run.objects.update(state=RunState.STOPPED)
    clear_half_erased()
    assert not Continuation.objects.exists()


def test_a_save_may_be_repeated_with_more(life: Life) -> None:
    before = dict(life.saved)
    life.second()
    life.saved = before
    life.second()
    assert Run.objects.get().answer == life.text


def test_pieces_follow_without_a_gap() -> None:
    assert continued("abc", [(1, "b"), (2, "cde"), (5, "f"), (7, "h")]) == "abcdef"

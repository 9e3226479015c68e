"""A lost run keeps what its process had copied to Redis, where that goes on from what is saved."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from redis import Redis

from playground.history.erasing import erase_all
from playground.live.log.log import Entry
from playground.live.reaper import reap
from playground.live.shared.redis_streams import pack, stream_key
from playground.models import Run, RunState
from tests.playground.conftest import NOON, MakeRun
from usage.models import LocalUsage

pytestmark = pytest.mark.xdist_group("redis")
LATE = NOON + timedelta(seconds=16)


@pytest.fixture
def redis(redis_url: str, settings) -> Iterator[Redis]:
    settings.REDIS_URL = redis_url
    with Redis.from_url(redis_url, encoding_errors="surrogatepass") as client:
        yield client


def leave(redis: Redis, run: Run, *texts: str) -> None:
    """Leave these pieces of the run's text in Redis, as its process would."""
    redis.xadd(stream_key(run.pk), {"open": 1}, id="0-1")
    for number, text in enumerate(texts, 1):
        redis.xadd(stream_key(run.pk), pack([Entry(number, text)]), id=f"{number}-0")


def reaped(run: Run) -> Run:
    """Return the run as it is when its lease has run out."""
    assert reap(Run.objects.all(), LATE) == 1
    run.refresh_from_db()
    assert run.state == RunState.INTERRUPTED
    return run


def test_what_was_not_saved_is_taken_from_redis_and_counted(make_run: MakeRun, redis: Redis) -> None:
    run = make_run(state=RunState.RUNNING, answer="half\ufffd\ufffd an")
    leave(redis, run, "half\0\ud83d", " an", " answer.")
    assert reaped(run).answer == "half\ufffd\ufffd an answer."
    assert LocalUsage.objects.get(run=run.pk).completion_tokens == run.completion_tokens > 3
    assert not redis.exists(stream_key(run.pk))  # readers see the end


def test_thinking_and_answer_are_taken_each_for_itself(make_run: MakeRun, redis: Redis) -> None:
    run = make_run(state=RunState.RUNNING, reasoning="Let me", answer="4")
    redis.xadd(stream_key(run.pk), {"1:reasoning": "Let me see.", "2:thought": "900", "3": "42"}, id="3-0")
    assert (reaped(run).reasoning, run.answer) == ("Let me see.", "42")


def test_a_run_lost_before_it_was_first_saved_keeps_its_words(make_run: MakeRun, redis: Redis) -> None:
    run = make_run(state=RunState.QUEUED)
    leave(redis, run, "The first words")
    assert reaped(run).answer == "The first words"
    assert run.completion_tokens > 0


@pytest.mark.parametrize("texts", [[], ["half"], ["something else, and longer"]])
def test_what_is_saved_is_kept_where_redis_has_no_more(
    make_run: MakeRun, redis: Redis, texts: list[str]
) -> None:
    run = make_run(state=RunState.RUNNING, answer="half an")
    leave(redis, run, *texts)
    assert reaped(run).answer == "half an"


def test_what_is_saved_is_kept_where_redis_is_away(make_run: MakeRun, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert reaped(make_run(state=RunState.RUNNING, answer="half an")).answer == "half an"


def test_erased_words_do_not_come_back(make_run: MakeRun, redis: Redis) -> None:
    run = make_run(state=RunState.RUNNING, answer="half an")
    leave(redis, run, "half an", " answer.")
    erase_all(Run.objects.all(), NOON)
    assert reaped(run).answer == ""

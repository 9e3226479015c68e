"""After one time-out a Redis that hangs is left alone by everybody, and comes back by itself."""

import pytest
import redis

from common.redis_breaker import RedisBreaker, no_retry
from tests.installation import wait_until
from tests.relay import relay


def ask(breaker: RedisBreaker, url: str) -> None:
    with breaker.watching(), redis.Redis.from_url(url, socket_timeout=0.6, retry=no_retry()) as client:
        client.ping()


def test_it_is_left_alone_until_it_answers(redis_url: str) -> None:
    with relay(redis_url) as (server, url):
        breaker = RedisBreaker(url)
        ask(breaker, url)
        assert not breaker.is_away()
        server.silence()
        with pytest.raises(redis.TimeoutError):
            ask(breaker, url)
        asked = server.taken
        assert all(breaker.is_away() for _ in range(1_000))
        assert server.taken <= asked + 1  # in the background
        server.speak()
        wait_until(lambda: not breaker.is_away(), "Redis")


def test_a_refusal_costs_nothing_and_is_no_reason() -> None:
    breaker = RedisBreaker("redis://127.0.0.1:1/0")
    with pytest.raises(redis.ConnectionError):
        ask(breaker, "redis://127.0.0.1:1/0")
    assert not breaker.is_away()

"""The cache may be lost: nobody is kept from signing in because Redis is away."""

import pytest

from raxdash.cache import ForgivingRedisCache
from tests.installation import wait_until
from tests.relay import relay

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def away() -> ForgivingRedisCache:
    return ForgivingRedisCache(AWAY, {"OPTIONS": {"socket_connect_timeout": 2}})


def test_it_remembers_while_redis_is_there(redis_url: str) -> None:
    cache = ForgivingRedisCache(redis_url, {})
    cache.set("name", "value", 60)
    assert cache.get("name") == "value"
    assert (cache.delete("name"), cache.get("name", "gone")) == (True, "gone")
    cache.close()


def test_it_forgets_and_does_not_fail_while_redis_is_away(away: ForgivingRedisCache) -> None:
    away.set("name", "value", 60)
    assert (away.get("name", "default"), away.get_many(["name"])) == ("default", {})
    assert (away.add("name", 1), away.delete("name"), away.set_many({"name": 1})) == (True, False, ["name"])


def test_it_says_so_in_the_log(away: ForgivingRedisCache, caplog: pytest.LogCaptureFixture) -> None:
    away.get("name")
    assert "The cache is away: ConnectionError" in caplog.text


def test_it_counts_nothing_while_redis_is_away(away: ForgivingRedisCache) -> None:
    with pytest.raises(ValueError, match="Redis is away"):
        away.incr("count")
    away.delete_many(["name"])
    assert (away.touch("name"), away.has_key("name")) == (False, False)


def test_one_time_out_is_enough(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with relay(redis_url) as (server, url):
        cache = ForgivingRedisCache(url, {"OPTIONS": {"socket_timeout": 1}})
        cache.set("name", "value", 60)
        cache.close()
        server.silence()
        assert [cache.get("name") for _ in range(20)] == [None] * 20
        assert caplog.text.count("The cache is away: TimeoutError") == 1
        server.speak()
        assert wait_until(lambda: cache.get("name"), "Redis") == "value"
        cache.close()

"""The cache may be lost: nobody is kept from signing in because Redis is away."""

import pytest

from raxdash.cache import ForgivingRedisCache

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

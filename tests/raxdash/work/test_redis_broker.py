"""A connection to Redis that is lost while a task runs ends no worker, and loses no message."""

from collections.abc import Iterator
from runpy import run_path
from typing import Any

import pytest
import redis
from celery import Celery
from kombu.connection import Connection
from kombu.transport.redis import Transport as OfKombu

from raxdash.work import celery_settings
from raxdash.work.redis_broker import Transport

WAITING, OUT = "tasks-of-a-test", "unacked"


@pytest.fixture
def broker(redis_url: str) -> Iterator[redis.Redis]:
    """An empty Redis."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client
        client.flushdb()


def lose(url: str, transport: Any) -> None:
    """Close the channel of a worker that has taken a message, after its connection."""
    connection = Connection(url, transport=transport)
    channel = connection.channel()
    with connection.SimpleQueue(WAITING, channel=channel) as queue:
        queue.put("a task")
        assert queue.get(timeout=20)
        connection._do_close_transport()
        connection.maybe_close_channel(channel)


def test_a_channel_without_a_connection_is_closed_and_its_message_stays(
    redis_url: str, broker: redis.Redis
) -> None:
    lose(redis_url, Transport)
    assert (broker.llen(WAITING), broker.hlen(OUT)) == (0, 1)


def test_it_is_needed(redis_url: str, broker: redis.Redis) -> None:
    with pytest.raises(AttributeError):
        lose(redis_url, OfKombu)


def test_a_channel_with_one_gives_its_message_back(redis_url: str, broker: redis.Redis) -> None:
    with Connection(redis_url, transport=Transport) as connection:
        channel = connection.channel()
        queue = connection.SimpleQueue(WAITING, channel=channel)
        queue.put("a task")
        assert queue.get(timeout=20)
        assert broker.llen(WAITING) == 0
        channel.close()
        assert (broker.llen(WAITING), broker.hlen(OUT)) == (1, 0)


def test_celery_takes_it_where_redis_is_the_broker(redis_url: str, settings: Any) -> None:
    settings.REDIS_URL = redis_url
    chosen = run_path(celery_settings.__file__)
    with Celery("test", set_as_current=False) as app:
        app.conf.update(broker_url=chosen["broker_url"], broker_transport=chosen["broker_transport"])
        with app.connection_for_write() as connection:
            assert isinstance(connection.transport, Transport)
    settings.REDIS_URL = ""
    assert run_path(celery_settings.__file__)["broker_transport"] is None

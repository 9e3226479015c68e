"""Look after the embedded broker: kombu's SQLAlchemy transport on a SQLite file.

It creates its tables when the first process connects, which two processes starting together do at once and
one of them fails; and it leaves every message it delivered in its table for ever.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from celery import current_app
from django.conf import settings

from common import redis_breaker

WAIT_SECONDS = 20
REACH_SECONDS = 1
WAITING = (
    "SELECT COUNT(*) FROM kombu_message JOIN kombu_queue ON kombu_queue.id = kombu_message.queue_id "
    "WHERE kombu_queue.name = ? AND kombu_message.visible = 1"
)


def embedded_broker() -> Path | None:
    """Return the broker's SQLite file, or None where Redis is the broker."""
    return None if settings.REDIS_URL else settings.DATA_DIR / "broker.sqlite3"


def prepare() -> None:
    """Create the embedded broker's tables before any process needs them; may be repeated."""
    path = embedded_broker()
    if path is None:
        return
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    with current_app.connection_for_write() as broker:
        broker.default_channel.queue_declare(current_app.conf.task_default_queue)


def sweep() -> int:
    """Delete the messages that were delivered; return how many."""
    path = embedded_broker()
    if path is None or not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection, connection:
        return connection.execute("DELETE FROM kombu_message WHERE visible = 0").rowcount


def depth() -> int:
    """Return how many messages wait for a worker. Raises `OSError` or `redis.RedisError` where it is away."""
    path, queue = embedded_broker(), current_app.conf.task_default_queue
    if path is None:
        with redis_breaker.client(settings.REDIS_URL, REACH_SECONDS) as client:
            return client.llen(queue)
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=REACH_SECONDS)) as connection:
        row = connection.execute(WAITING, (queue,)).fetchone()
    return int(row[0])


def answers() -> bool:
    """Tell whether the broker can be reached, mostly within a second."""
    path = embedded_broker()
    if path is None:
        return redis_breaker.answers(settings.REDIS_URL, REACH_SECONDS)
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=REACH_SECONDS)) as connection:
            connection.execute("SELECT 1 FROM kombu_queue LIMIT 1")
    except sqlite3.Error:
        return False
    return True

"""The few threads in which live runs touch the database, so that no stream ever holds a connection.

Everything that streams lives on the event loop; what it has to store or ask goes through `in_database`,
short and one unit of work at a time.
"""

import asyncio
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import getpid

from django.db import Error, connections

# One may wait for a lock to save texts, one to store an end: others still ask.
THREADS = 4
# Names this web process in the rows of the runs it carries out.
OWNER = f"{socket.gethostname()[:40]}:{getpid()}:{uuid.uuid4().hex[:8]}"

_executor: ThreadPoolExecutor | None = None


async def in_database[Answer](work: Callable[[], Answer]) -> Answer:
    """Return what `work` returns, carried out in a thread that has a database connection.

    A connection that was lost while nobody asked, or had an error before, is dropped: this work gets a
    fresh one.
    """
    global _executor
    if _executor is None:
        _executor = ThreadPoolExecutor(THREADS, thread_name_prefix="playground-storage")

    def carried_out() -> Answer:
        drop_lost_connections()
        try:
            return work()
        except Error:
            drop_failed_connections()
            raise

    return await asyncio.get_running_loop().run_in_executor(_executor, carried_out)


def drop_failed_connections() -> None:
    """Close this thread's connections after an error; those of SQLite are as good as before.

    With the last of them its write-ahead log would go, which a full disk does not give back: nobody could
    read any more.
    """
    for connection in connections.all(initialized_only=True):
        if connection.vendor != "sqlite":
            connection.close()


def drop_lost_connections() -> None:
    """Close those connections of this thread that the database has given up, as it does when it restarts."""
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and not connection.is_usable():
            connection.close()


def close() -> None:
    """Let the threads end after what they are doing; a later `in_database` starts new ones."""
    global _executor
    executor, _executor = _executor, None
    if executor is None:
        return
    # As many as there are threads, so that each closes its own connection.
    for _ in range(THREADS):
        executor.submit(connections.close_all)
    executor.shutdown(wait=True)

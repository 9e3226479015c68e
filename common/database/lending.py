"""Let another thread carry out work over this thread's database connection, and never get stuck with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import DEFAULT_DB_ALIAS, connections


class CarryOut(Protocol):
    """Carries out work over the connection that was lent."""

    def __call__[Result](self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns."""


@contextmanager
def lent() -> Iterator[CarryOut]:
    """Yield what carries out work in another thread, over the connection of this one.

    A connection that is not opened yet is given away: the other thread closes it, whenever it is done, and
    this one gets a new one when it needs it. An open one, perhaps amid a transaction, is only lent.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    is_given_away = connection.connection is None
    connection.inc_thread_sharing()

    def carry_out[Result](work: Callable[[], Result]) -> Result:
        connections[DEFAULT_DB_ALIAS] = connection
        try:
            return work()
        finally:
            if is_given_away:
                connection.close()

    try:
        yield carry_out
    finally:
        if is_given_away:
            del connections[DEFAULT_DB_ALIAS]
        else:
            connection.dec_thread_sharing()

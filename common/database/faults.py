"""Tell a database that is away, busy or full for the moment from a mistake of ours.

What passes by itself is worth another try in a few seconds; a table that is missing is not.
"""

import sqlite3
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError

# By the primary result code (https://sqlite.org/rescode.html): a lock, a full or failing disk, a file that
# may not be written, a statement that was cut off at its deadline.
PASSING_SQLITE_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
# By classes and codes of SQLSTATE: a lost connection, a server that only reads, a deadline of a transaction,
# a deadlock, no resources (disk, memory, connections), a lock that was not had, a deadline of a statement, a
# server that stops or starts, an I/O error.
PASSING_STATES = ("08", "25006", "25P03", "25P04", "40", "53", "55P03", "57014", "57P", "58")

WITHOUT_CODE = (InterfaceError, OperationalError, sqlite3.OperationalError, psycopg.OperationalError)


def is_passing(error: BaseException | None) -> bool:
    """Tell whether the error comes of a database that is away, busy, full or read-only for the moment."""
    return any(is_passing_itself(one) for one in causes(error))


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error, what it was raised from, and so on: Django and others wrap what a driver says."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def is_passing_itself(error: BaseException) -> bool:
    """Tell it of one error, whatever it comes of."""
    if isinstance(error, sqlite3.Error) and hasattr(error, "sqlite_errorcode"):
        return error.sqlite_errorcode & 0xFF in PASSING_SQLITE_CODES
    if isinstance(error, psycopg.Error) and error.sqlstate is not None:
        return error.sqlstate.startswith(PASSING_STATES)
    # Without a code no server has spoken: there was no connection, or it was lost or closed.
    return isinstance(error, WITHOUT_CODE) and error.__cause__ is None


def name_of(error: BaseException | None) -> str:
    """Return in a word what the driver says, such as `SQLITE_BUSY` or `AdminShutdown`; never its text."""
    for one in causes(error):
        if is_passing_itself(one):
            return str(getattr(one, "sqlite_errorname", type(one).__name__))
    return type(error).__name__

"""The two databases' own ways to the newest runs that have some marks and lack others.

Both get letters and digits alone, never what somebody typed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper


class Marks(NamedTuple):
    """Marks that a run has, all of them, at least one; and marks of which it has none."""

    wanted: Iterable[str]
    unwanted: Iterable[str]


class Way(NamedTuple):
    """A statement that answers with rows of what is kept, newest first, and how it says what is asked.

    Its parameters: what is asked, the first id, the id after the last, and how many at most. No text of a row
    is read before somebody asks for it.
    """

    statement: str
    expression: str


# FTS5 reads its lists from their ends: it looks no further than it must. CROSS JOIN keeps the order: else
# all rows of a team are read, and each is looked up among what was found.
FTS5 = """
    SELECT kept.id, kept.run_id, kept.team_id, kept.words FROM (
        SELECT rowid AS id FROM playground_searchindex
        WHERE playground_searchindex MATCH %s AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s
    ) found CROSS JOIN playground_searchtext kept ON kept.id = found.id
"""
# `id + 0`: never along the primary key, where each row's marks would have to be fetched to look at them. Nor
# row by row, which PostgreSQL believes to be cheap, for it counts no marks that stand aside: see `asking`.
GIN = """
    SELECT id, run_id, team_id, words FROM playground_searchtext
    WHERE lexemes @@ %s::tsquery AND id + 0 >= %s AND id + 0 < %s ORDER BY id + 0 DESC LIMIT %s
"""


@contextmanager
def asking() -> Iterator[CursorWrapper]:
    """Yield a cursor for which this database takes its index of marks, however few rows there are."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            yield cursor
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor


def way_to(marks: Marks) -> Way:
    """Return how this database finds runs by their marks."""
    if connection.vendor == "sqlite":
        return Way(FTS5, fts5_expression(marks))
    return Way(GIN, tsquery(marks))


def fts5_expression(marks: Marks) -> str:
    """Return marks in the language of FTS5."""
    wanted = " AND ".join(f'"{mark}"' for mark in marks.wanted)
    unwanted = " OR ".join(f'"{mark}"' for mark in marks.unwanted)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def tsquery(marks: Marks) -> str:
    """Return marks in the language of PostgreSQL."""
    return " & ".join([*(f"'{mark}'" for mark in marks.wanted), *(f"!'{mark}'" for mark in marks.unwanted)])


def holds() -> str:
    """Return the name of the function that tells where a text has another one, from 1 on, or 0."""
    return "instr" if connection.vendor == "sqlite" else "strpos"

"""Databases that refuse: a real error at a real place, for one team or one row alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

NAME = "sabotage"


@contextmanager
def refusing(deed: str, table: str, condition: str = "1") -> Iterator[None]:
    """Let SQLite refuse to INSERT, UPDATE or DELETE rows of a table; the condition names `OLD` or `NEW`."""
    with connection.cursor() as cursor:
        refusal = "SELECT RAISE(ABORT, 'The database refuses.')"
        cursor.execute(
            f"CREATE TRIGGER {NAME} BEFORE {deed} ON {table} WHEN {condition} BEGIN {refusal}; END"
        )
        try:
            yield
        finally:
            cursor.execute(f"DROP TRIGGER {NAME}")

"""SQLite, where a statement that lasts too long is interrupted.

It looks at the clock every million steps, some tens of milliseconds: a statement pays nothing for it.
"""

import sqlite3
from time import monotonic
from typing import Any

from django.db.backends.sqlite3 import base, features

STEPS = 1_000_000


class DatabaseFeatures(features.DatabaseFeatures):
    """What SQLite can do, known without a question that a busy database answers wrong."""

    # Every SQLite since 3.38 reads JSON. Django asks within a transaction, and takes a lock for a no.
    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, with `statement_seconds` in its options."""

    features_class = DatabaseFeatures

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._began_at = 0.0

    def get_connection_params(self) -> dict[str, Any]:
        """Return what to connect with."""
        params: dict[str, Any] = super().get_connection_params()
        params.pop("statement_seconds", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Connect; from now on statements are looked at."""
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        if self.settings_dict["OPTIONS"].get("statement_seconds", 0):
            connection.set_progress_handler(self._is_overdue, STEPS)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor; Django asks for one for each statement."""
        self._began_at = monotonic()
        return super().create_cursor(name)

    def _is_overdue(self) -> bool:
        seconds = self.settings_dict["OPTIONS"].get("statement_seconds", 0)
        return bool(seconds) and monotonic() - self._began_at > seconds

"""PostgreSQL, whose server ends what lasts too long, and where a server that says nothing is given up.

The server's own deadline does not help where the server is stopped or its machine is gone: the client has one
as well, a little later.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout

# The server's word comes first.
GRACE_SECONDS = 5
DEADLINES = "statement_timeout", "idle_in_transaction_session_timeout"
# The server would compile what it believes to be dear: a second for a query that takes forty milliseconds.
NO_JIT = "-c jit=off"


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server has not answered for `patience_seconds`."""

    patience_seconds: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer, no longer than a connection may; raise `OperationalError` where none comes."""
        try:
            return super().wait(gen, interval, self.patience_seconds if timeout is None else timeout)
        except _WaitTimeout:
            if timeout is not None:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from None


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, with `statement_seconds` in its options."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return what to connect with: the server is told the deadline, of idle transactions as well."""
        params: dict[str, Any] = super().get_connection_params()
        told = [NO_JIT]
        if seconds := params.pop("statement_seconds", 0):
            told += [f"-c {name}={seconds * 1000:d}" for name in DEADLINES]
        # What DATABASE_URL says comes later, and counts.
        params["options"] = " ".join([*told, params.get("options", "")]).strip()
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        """Connect."""
        connection = PatientConnection.connect(**conn_params)
        if seconds := self.settings_dict["OPTIONS"].get("statement_seconds", 0):
            connection.patience_seconds = seconds + GRACE_SECONDS
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return connection

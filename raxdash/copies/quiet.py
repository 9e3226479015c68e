"""Nobody else uses the database while it is replaced: processes are named, and do not start meanwhile."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from raxdash import presence
from raxdash.copies import postgres_tables
from raxdash.copies.archive import CopyError
from raxdash.models import Heartbeat
from raxdash.work.pulse import HEARTBEAT_SECONDS

# A worker of another machine that has said nothing for so long has ended.
SILENCE = timedelta(seconds=HEARTBEAT_SECONDS + 5)


@contextmanager
def nobody_else() -> Iterator[None]:
    """Raise `CopyError`, naming what runs; else keep web, worker and beat of this folder from starting."""
    try:
        with presence.alone():
            if connection.vendor == "postgresql":
                refuse_connected()
            yield
    except presence.InUse as error:
        raise CopyError(str(error)) from error


def refuse_connected() -> None:
    """Refuse while another machine's processes are connected, or a worker there lives."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise CopyError(f"the database cannot be reached: {error}") from error
    try:
        before = newest()
        while before is not None and timezone.now() - before < SILENCE:
            time.sleep(1)
            if newest() != before:
                raise CopyError("a worker is alive (it says so in the database): stop everything first")
    except DatabaseError:
        pass  # tables that are not there, or other ones, hold no heartbeat
    finally:
        connection.close()
    with postgres_tables.connected(postgres_tables.parameters()) as database:
        if places := postgres_tables.others(database):
            raise CopyError(
                f"somebody is connected to the database (from {', '.join(places)}): stop everything first"
            )


def newest() -> datetime | None:
    """Return the newest heartbeat."""
    return Heartbeat.objects.newest(timezone.now())

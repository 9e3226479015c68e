"""Celery's processes on a database that does not fit the code: they do not begin, and do not go on.

A worker of the version before would fold answers by old rules. What it was at when the database was
migrated it finishes; what it leaves is due again when its lease ends.
"""

import logging

import django
from celery.worker import state
from django.db import connection

from raxdash import presence, schema

logger = logging.getLogger(__name__)


def refuse(role: str) -> None:
    """End this process, a worker or beat, with one line where it cannot work on the database."""
    django.setup()
    try:
        presence.announce(role)
        if problem := schema.problem_at_start():
            raise SystemExit(f"raxdash: {problem}")
    except presence.InUse as error:
        raise SystemExit(f"raxdash: {error}") from error
    finally:
        connection.close()  # the processes of a pool must not inherit it


def look() -> None:
    """Have Celery end this worker, warmly and with exit code 1, where its database is newer than its code."""
    try:
        schema.check_not_newer()
    except schema.DatabaseIsNewer as error:
        logger.error("This worker ends: %s.", error)
        state.should_stop = 1

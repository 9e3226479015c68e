"""Migrations are safe beside processes that go on: on SQLite none writes a large table anew."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = {"common", "teams", "usage", "playground", "raxdash"}
LARGE = ("playground_run", "usage_rawpoll", "usage_quarter", "usage_day", "usage_knot", "usage_localusage")
# SQLite cannot take a UNIQUE of the table away otherwise; docs/operate.md says what that means.
WRITES_ANEW = {("playground", "0006_turns_may_branch")}


@pytest.mark.django_db(transaction=True)  # Django must be let turn off foreign keys
def test_no_large_table_is_written_anew() -> None:
    nodes = MigrationLoader(connection).disk_migrations
    # The first one of an app meets no rows.
    migrations = {node for node in nodes if node[0] in OURS and not node[1].startswith("0001")}
    assert len(migrations) > 30
    found = {node for node in migrations for table in LARGE if f'TABLE "new__{table}"' in sql_of(*node)}
    assert found == WRITES_ANEW


def sql_of(app: str, name: str) -> str:
    """What a migration says to the database; of functions nothing."""
    told = StringIO()
    call_command("sqlmigrate", app, name, stdout=told)
    return told.getvalue()

"""Migrations are safe beside processes that go on: on SQLite none writes a large table anew."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

OURS = {"common", "teams", "usage", "playground", "raxdash"}
LARGE = ("playground_run", "usage_rawpoll", "usage_quarter", "usage_day", "usage_knot", "usage_localusage")
# SQLite cannot take a UNIQUE of the table away otherwise; docs/operate.md says what that means.
WRITES_ANEW = {("playground", "0006_turns_may_branch")}


@pytest.mark.django_db(transaction=True)  # Django must be let turn off foreign keys
def test_no_large_table_is_written_anew() -> None:
    # The first one of an app meets no rows.
    told = {node: sql for node, sql in sql_of_all() if node[0] in OURS and not node[1].startswith("0001")}
    assert len(told) > 30
    found = {node for node, sql in told.items() for table in LARGE if f'TABLE "new__{table}"' in sql}
    assert found == WRITES_ANEW


def sql_of_all() -> Iterator[tuple[tuple[str, str], str]]:
    """What each migration says to the database, as `sqlmigrate` tells it; of functions nothing."""
    executor = MigrationExecutor(connection)
    state = ProjectState()
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True):
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        yield (migration.app_label, migration.name), "\n".join(editor.collected_sql)

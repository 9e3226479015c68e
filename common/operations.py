"""Operations of migrations that Django has none for."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddField
from django.db.migrations.state import ProjectState


class AddColumn(AddField):
    """Add a column that is never NULL and has a `db_default`, without writing the table anew.

    For such a column Django copies the whole table on SQLite, in one transaction: with many rows that takes
    longer than other writers wait. SQLite can add it in no time (https://www.sqlite.org/lang_altertable.html,
    "ALTER TABLE ADD COLUMN"). It goes back as `AddField` does.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the column by one statement, also on SQLite."""
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            BaseDatabaseSchemaEditor.add_field(schema_editor, model, model._meta.get_field(self.name))

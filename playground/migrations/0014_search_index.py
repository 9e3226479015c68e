from django.db import migrations

# The marks are read from the table beside it; triggers keep both the same, also where rows go in a cascade.
SQLITE = (
    "CREATE VIRTUAL TABLE playground_searchindex USING fts5("
    "terms, content='playground_searchtext', content_rowid='id', tokenize='ascii', detail='none', "
    "columnsize=0)",
    "CREATE TRIGGER playground_searchtext_added AFTER INSERT ON playground_searchtext BEGIN "
    "INSERT INTO playground_searchindex(rowid, terms) VALUES (new.id, new.terms); END",
    "CREATE TRIGGER playground_searchtext_gone AFTER DELETE ON playground_searchtext BEGIN "
    "INSERT INTO playground_searchindex(playground_searchindex, rowid, terms) "
    "VALUES ('delete', old.id, old.terms); END",
    "CREATE TRIGGER playground_searchtext_changed AFTER UPDATE ON playground_searchtext BEGIN "
    "INSERT INTO playground_searchindex(playground_searchindex, rowid, terms) "
    "VALUES ('delete', old.id, old.terms); "
    "INSERT INTO playground_searchindex(rowid, terms) VALUES (new.id, new.terms); END",
)
SQLITE_BACK = (
    "DROP TRIGGER playground_searchtext_changed",
    "DROP TRIGGER playground_searchtext_gone",
    "DROP TRIGGER playground_searchtext_added",
    "DROP TABLE playground_searchindex",
)
# Texts stand aside, so that the rows which a common word finds are few pages.
POSTGRESQL = (
    "ALTER TABLE playground_searchtext ADD COLUMN lexemes tsvector GENERATED ALWAYS AS "
    "(array_to_tsvector(string_to_array(btrim(terms), ' '))) STORED",
    "ALTER TABLE playground_searchtext SET (toast_tuple_target = 128)",
    "CREATE INDEX search_text_lexemes ON playground_searchtext USING gin (lexemes)",
)
POSTGRESQL_BACK = ("ALTER TABLE playground_searchtext DROP COLUMN lexemes",)


def make(apps, schema_editor):
    """Make this database's own index over what is kept of runs."""
    execute(schema_editor, SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def take_away(apps, schema_editor):
    """Take it away."""
    execute(schema_editor, SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK)


def execute(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("playground", "0013_search_texts_and_ratings")]
    operations = [migrations.RunPython(make, take_away)]

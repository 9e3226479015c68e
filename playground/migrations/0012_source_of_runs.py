from django.db import migrations, models

from common.operations import AddColumn

SOURCES = [("playground", "Playground"), ("suite", "Suite"), ("judge", "Judge"), ("api", "API")]


class Migration(migrations.Migration):
    dependencies = [("playground", "0011_stored_answers")]
    operations = [
        AddColumn(
            "run", "source", models.CharField(max_length=12, choices=SOURCES, db_default="playground")
        )
    ]

"""What long live runs say beyond their rows: a table of its own, empty at first."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playground", "0020_what_tells_drafts_apart")]

    operations = [
        migrations.CreateModel(
            name="Continuation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=12)),
                ("begins", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="continuations",
                        to="playground.run",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "part", "begins"), name="one_continuation_at_a_place"
                    )
                ],
            },
        ),
    ]

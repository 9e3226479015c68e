"""What came back for runs, line by line: a table of its own, empty at first."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("playground", "0017_templates_of_runs"),
        ("teams", "0012_team_raw_lines_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="RawLines",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="raw_lines",
                        serialize=False,
                        to="playground.run",
                    ),
                ),
                ("content", models.BinaryField()),
                ("size", models.PositiveBigIntegerField()),
                ("is_withheld", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
        ),
    ]

"""Imports of history, and which days came with which."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0012_team_raw_lines_days"),
        ("usage", "0044_model_retirements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DateRangeAnswer",
            fields=[
                (
                    "meter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="date_ranges",
                        serialize=False,
                        to="usage.meter",
                    ),
                ),
                ("is_honoured", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("date_range", "The provider, asked for dates"), ("import", "Imported")],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("faulty", "Cannot be imported"),
                            ("ready", "Waits for your word"),
                            ("taking", "Being imported"),
                            ("taken", "Imported"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("discarding", "Being discarded"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("options", models.JSONField(default=dict)),
                ("faults", models.JSONField(default=list)),
                ("effect", models.JSONField(default=dict)),
                ("author_name", models.CharField(max_length=254)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="toldday",
            name="cost",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="toldday",
            name="cost_metric",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="toldday",
            name="is_counted",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="toldday",
            name="tells_requests",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="toldday",
            name="tells_tokens",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "of",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="usage.import",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="import",
            name="author",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="teams.team"
            ),
        ),
        migrations.AddField(
            model_name="toldday",
            name="origin",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="days",
                to="usage.import",
            ),
        ),
    ]

"""Keep days of usage that another source than polls told; nothing that is there is written again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0024_closing_polls_and_clocks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField()),
                ("total_tokens", models.BigIntegerField()),
                ("total_requests", models.BigIntegerField()),
                ("breakdown", models.JSONField(default=dict)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("date_range", "The provider, asked for dates"),
                            ("import", "Imported"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "meter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told_days",
                        to="usage.meter",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["meter", "start", "end"], name="told_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("start__lt", models.F("end"))), name="told_day_has_length"
                    ),
                ],
            },
        ),
    ]

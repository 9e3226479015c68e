"""What several meters used together on days that are over; empty until the days are summed up."""

from django.db import migrations, models
from django.db.models import CASCADE

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def of_team():
    return models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to="teams.team")


def sums(name, when, column):
    """A table of what cohorts used by time."""
    key = models.CompositePrimaryKey(
        "cohort_id", "metric", when, "model", blank=True, editable=False, primary_key=True, serialize=False
    )
    cohort = models.ForeignKey(db_index=False, on_delete=CASCADE, related_name="+", to="usage.cohort")
    return migrations.CreateModel(
        name=name,
        fields=[
            ("pk", key),
            ("metric", models.CharField(max_length=10)),
            (when, column),
            ("model", models.CharField(max_length=200)),
            ("amount", models.BigIntegerField()),
            ("cohort", cohort),
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("usage", "0038_frozen_pages")]

    operations = [
        migrations.CreateModel(
            name="Cohort",
            fields=[
                ("id", ID),
                ("fingerprint", models.CharField(max_length=64)),
                ("meters", models.JSONField()),
                ("team", of_team()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["team", "fingerprint"], name="cohort_once_in_team")
                ],
            },
        ),
        migrations.CreateModel(
            name="SettledDay",
            fields=[
                ("id", ID),
                ("day", models.DateField()),
                ("time_zone", models.CharField(max_length=64)),
                ("cohorts", models.JSONField()),
                ("is_summed", models.BooleanField(db_default=False, default=False)),
                ("team", of_team()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["team", "day"], name="settled_day_once")],
            },
        ),
        sums("CohortQuarter", "number", models.IntegerField()),
        sums("CohortDay", "day", models.DateField()),
    ]

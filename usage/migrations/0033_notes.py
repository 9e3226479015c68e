"""Notes of people at a time of the usage chart."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import CASCADE, SET_NULL, F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0010_key_deadlines"),
        ("usage", "0032_fill_meter_host"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_index=False, on_delete=CASCADE, related_name="usage_notes", to="teams.team"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("author_name", models.CharField(max_length=254)),
                ("text", models.CharField(max_length=500)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("edited_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["team", "starts_at"], name="note_of_team")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_at__gte=F("starts_at")), name="note_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=Q(first_day=None, last_day=None)
                        | Q(first_day__isnull=False, last_day__isnull=False, last_day__gte=F("first_day")),
                        name="note_days_are_both_or_none",
                    ),
                ],
            },
        ),
    ]

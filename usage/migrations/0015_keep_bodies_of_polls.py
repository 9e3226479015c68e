"""Keep what was answered to polls, when by the provider's clock, and at what cost.

New columns of raw polls are empty ones, so that no row is written again; the index holds nothing yet.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0001_people_teams_and_keys"),
        ("usage", "0014_name_secret_fingerprint"),
    ]

    operations = [
        migrations.CreateModel(
            name="PollBody",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hash", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("size", models.PositiveIntegerField()),
                ("is_cut", models.BooleanField()),
                ("first_seen_at", models.DateTimeField()),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_bodies",
                        to="teams.team",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "poll bodies",
                "indexes": [models.Index(fields=["team", "first_seen_at"], name="poll_body_retention")],
                "constraints": [
                    models.UniqueConstraint(fields=["team", "hash"], name="poll_body_once_in_a_team")
                ],
            },
        ),
        migrations.AddField("meter", "bodies_on", models.DateField(null=True)),
        migrations.AddField(
            "meter", "body_bytes", models.PositiveBigIntegerField(default=0, db_default=0)
        ),
        migrations.AddField("rawpoll", "provider_date", models.DateTimeField(null=True)),
        migrations.AddField("rawpoll", "cost", models.CharField(max_length=60, null=True)),
        migrations.AddField("rawpoll", "cost_millionths", models.BigIntegerField(null=True)),
        migrations.AddField("rawpoll", "currency", models.CharField(max_length=16, null=True)),
        migrations.AddField(
            "rawpoll",
            "body",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="polls",
                to="usage.pollbody",
            ),
        ),
        migrations.AddIndex(
            "rawpoll",
            models.Index(
                condition=models.Q(("body__isnull", False)), fields=["body"], name="raw_poll_of_body"
            ),
        ),
    ]

"""Remember of which poll a knot and a note tell, and what was told of a period when; old rows stay as they are."""

from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0025_told_days"),
    ]

    operations = [
        migrations.AddField("knot", "polled_at", models.BigIntegerField(null=True)),
        migrations.AddField("knot", "seats", models.JSONField(null=True)),
        AddColumn("knot", "is_exact", models.BooleanField(db_default=True, default=True)),
        migrations.AddField("annotation", "polled_at", models.BigIntegerField(null=True)),
        migrations.AddField("period", "told_start", models.BigIntegerField(null=True)),
        migrations.AlterField(
            "annotation",
            "event",
            models.CharField(
                choices=[
                    (event, event)
                    for event in (
                        "rollover",
                        "hole",
                        "correction",
                        "glitch",
                        "unconfirmed",
                        "reattributed",
                        "mismatch",
                        "boundary_moved",
                        "reset",
                        "rejected",
                    )
                ],
                max_length=20,
            ),
        ),
    ]

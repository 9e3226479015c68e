"""Keep time whose spread nobody saw in rows of its own; nothing that is there is written again."""

import django.db.models.deletion
import usage.ledger.codec
from django.db import migrations, models

QUALITIES = [
    (quality, quality)
    for quality in (
        "before_watching",
        "measured",
        "interpolated",
        "corrected",
        "tail_unknown",
        "boundary_moved",
        "unknown",
        "told",
    )
]


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0020_meter_fallen_tokens"),
    ]

    operations = [
        migrations.AlterField("knot", "quality", models.CharField(choices=QUALITIES, max_length=20)),
        migrations.CreateModel(
            name="Stretch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField()),
                ("quality", models.CharField(choices=QUALITIES, max_length=20)),
                ("amounts", models.JSONField(decoder=usage.ledger.codec.Decoder, default=dict)),
                (
                    "meter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stretches",
                        to="usage.meter",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "stretches",
                "constraints": [
                    models.UniqueConstraint(fields=["meter", "end"], name="stretch_once_per_end"),
                    models.CheckConstraint(
                        condition=models.Q(("start__lt", models.F("end"))), name="stretch_has_length"
                    ),
                ],
            },
        ),
    ]

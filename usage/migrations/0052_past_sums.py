"""What billing periods that are over come to, for teams of many keys: empty until a worker sums them up."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0015_key_refused_at"),
        ("usage", "0051_exports_of_frozen_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="PastSums",
            fields=[
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="past_sums",
                        serialize=False,
                        to="teams.team",
                    ),
                ),
                ("generation", models.BigIntegerField()),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField()),
                ("periods", models.JSONField(null=True)),
                ("notes", models.JSONField(null=True)),
            ],
            options={"verbose_name_plural": "past sums"},
        ),
    ]

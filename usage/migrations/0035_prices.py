"""A team's own prices per model, dated, and their currency. Empty until somebody enters one."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def amount():
    return models.DecimalField(decimal_places=6, max_digits=13, null=True)


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0010_key_deadlines"),
        ("usage", "0034_note_models_of_own_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceList",
            fields=[
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="usage_price_list",
                        serialize=False,
                        to="teams.team",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
            ],
        ),
        migrations.CreateModel(
            name="Price",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="usage_prices",
                        to="teams.team",
                    ),
                ),
                ("model", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
                ("per_million", amount()),
                ("input_per_million", amount()),
                ("output_per_million", amount()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["team", "model", "valid_from"], name="price_once_per_day"),
                    models.CheckConstraint(
                        condition=Q(input_per_million=None, output_per_million=None)
                        | Q(
                            per_million__isnull=False,
                            input_per_million__isnull=False,
                            output_per_million__isnull=False,
                        ),
                        name="price_of_input_and_output",
                    ),
                ]
            },
        ),
    ]

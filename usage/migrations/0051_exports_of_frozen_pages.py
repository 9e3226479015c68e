"""Files of frozen pages, made by a worker."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0050_period_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="frozen",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="usage.frozenreport",
            ),
        ),
    ]

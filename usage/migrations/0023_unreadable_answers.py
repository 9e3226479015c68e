"""Say at a meter what of its newest answer cannot be read."""

from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0022_meter_planned_at"),
    ]

    operations = [
        AddColumn("meter", "answer_error", models.CharField(blank=True, db_default="", max_length=200)),
        AddColumn("meter", "unread_parts", models.CharField(blank=True, db_default="", max_length=500)),
    ]

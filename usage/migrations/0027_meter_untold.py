"""Say at a meter which metric its newest answer does not tell."""

from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0026_what_knots_tell_of"),
    ]

    operations = [
        AddColumn("meter", "untold", models.CharField(blank=True, db_default="", max_length=10)),
    ]

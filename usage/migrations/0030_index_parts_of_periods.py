"""Find the parts of a period whose counter began again; the index holds no other row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0029_meter_rules"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="period",
            index=models.Index(
                condition=models.Q(("told_start__isnull", False)),
                fields=["meter", "told_start"],
                name="period_parts",
            ),
        ),
    ]

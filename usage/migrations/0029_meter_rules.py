"""Remember under which rules a meter was folded; of those that are there nothing is known: older ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0028_decisions_about_counters")]

    operations = [
        migrations.AddField("meter", "rules", models.PositiveSmallIntegerField(null=True)),
        migrations.AddIndex("meter", models.Index(fields=["rules"], name="meter_rules")),
    ]

"""Of a year's billing periods those that reach into a day are found by their ends."""

from django.db import migrations, models

from usage.models.ledger import EndOrNever


class Migration(migrations.Migration):
    dependencies = [("usage", "0049_model_listings")]

    operations = [
        migrations.AddIndex(
            model_name="period",
            index=models.Index(models.F("meter"), EndOrNever("end"), name="period_ends"),
        ),
    ]

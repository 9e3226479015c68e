"""Of a team with very many keys the billing periods that go on are found without a look at each key's others."""

from django.db import migrations, models

from usage.models.ledger import EndOrNever


class Migration(migrations.Migration):
    dependencies = [("usage", "0053_first_looks")]

    operations = [
        migrations.AddIndex(
            model_name="period",
            index=models.Index(EndOrNever("end"), models.F("meter"), name="period_last"),
        ),
    ]

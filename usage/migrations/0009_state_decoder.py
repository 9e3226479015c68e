from django.db import migrations, models

from usage.ledger.codec import Decoder


class Migration(migrations.Migration):
    """Only how the column is read in Python: nothing is said to the database."""

    dependencies = [("usage", "0008_fill_meter_standing")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("meter", "state", models.JSONField(null=True, decoder=Decoder))
            ]
        )
    ]

"""When the models of an address were seen first is found without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0052_past_sums")]

    operations = [
        migrations.AddIndex(
            model_name="cataloguemodel",
            index=models.Index(fields=["team", "base_url", "first_seen_at"], name="catalogue_first_seen"),
        ),
    ]

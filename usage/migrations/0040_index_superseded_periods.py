"""Find the periods whose boundary the provider moved; the index holds no other row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0039_cohorts")]

    operations = [
        migrations.AddIndex(
            model_name="period",
            index=models.Index(
                condition=models.Q(("superseded", True)),
                fields=["meter", "end"],
                name="period_superseded",
            ),
        ),
    ]

"""Since when the polls of a meter fail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0041_cohort_unused_since")]
    operations = [migrations.AddField("meter", "failing_since", models.DateTimeField(null=True))]

"""When the first limit of a meter is used up: pages put keys in order by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0036_saved_views")]
    operations = [migrations.AddField("meter", "runs_out_at", models.DateTimeField(null=True))]

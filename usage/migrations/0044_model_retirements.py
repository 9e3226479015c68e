"""When models retire, who typed that, and the figures that each key was told of a model."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0043_fill_meter_failing_since")]
    operations = [
        migrations.AddField("cataloguemodel", "retires_on", models.DateField(null=True)),
        migrations.AddField("cataloguemodel", "typed_retires_on", models.DateField(null=True)),
        migrations.AddField("modelchange", "by", models.CharField(blank=True, db_default="", max_length=254)),
        migrations.AddField("modeloffer", "told", models.JSONField(null=True)),
    ]

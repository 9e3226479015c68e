from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0023_unreadable_answers")]

    operations = [
        migrations.AddField("meter", "closing_at", models.DateTimeField(null=True)),
        migrations.AddField("meter", "clock_samples", models.JSONField(null=True)),
        migrations.AddField("meter", "clock_difference", models.FloatField(null=True)),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0021_stretches")]

    operations = [
        migrations.AddField(
            model_name="meter",
            name="planned_at",
            field=models.DateTimeField(null=True),
        ),
    ]

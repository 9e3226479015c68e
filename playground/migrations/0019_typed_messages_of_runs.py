from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playground", "0018_raw_lines")]
    operations = [migrations.AddField("run", "messages_before", models.JSONField(null=True))]

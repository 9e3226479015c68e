from django.db import migrations, models

from playground.models.drafts import AsTyped


class Migration(migrations.Migration):
    dependencies = [("playground", "0016_states_of_drafts")]
    operations = [migrations.AddField("run", "template", models.JSONField(encoder=AsTyped, null=True))]

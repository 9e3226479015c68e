"""Since when the provider refuses a key; None where that was before anybody wrote it down."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0014_team_tokens")]
    operations = [migrations.AddField("key", "refused_at", models.DateTimeField(editable=False, null=True))]

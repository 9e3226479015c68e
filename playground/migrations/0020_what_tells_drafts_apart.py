from django.db import migrations, models

import playground.models.drafts


class Migration(migrations.Migration):
    # Nothing is filled in: a draft without is read whole, until it is saved next.
    dependencies = [("playground", "0019_typed_messages_of_runs")]
    operations = [
        migrations.AddField(
            "draft", "outline", models.JSONField(null=True, encoder=playground.models.drafts.AsTyped)
        ),
    ]

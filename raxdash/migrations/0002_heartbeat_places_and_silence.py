"""Workers say how much they can do at once, and remember over which time none of them lived."""

from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [("raxdash", "0001_heartbeat")]

    operations = [
        AddColumn("heartbeat", "places", models.PositiveSmallIntegerField(default=1, db_default=1)),
        migrations.AddField("heartbeat", "silent_since", models.DateTimeField(null=True)),
        migrations.AddField("heartbeat", "back_at", models.DateTimeField(null=True)),
    ]

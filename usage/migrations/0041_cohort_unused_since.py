"""Since when no day is summed up by a cohort any more: it is thrown away some time later."""

from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [("usage", "0040_index_superseded_periods")]

    operations = [AddColumn("cohort", "unused_since", models.DateTimeField(null=True))]

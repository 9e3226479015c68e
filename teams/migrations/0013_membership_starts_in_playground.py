"""A member may begin in the playground although their team starts with a view of usage."""

from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [("teams", "0012_team_raw_lines_days")]

    operations = [
        AddColumn("membership", "starts_in_playground", models.BooleanField(db_default=False, default=False)),
    ]

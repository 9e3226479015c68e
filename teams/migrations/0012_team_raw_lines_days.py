"""How long a team keeps what servers sent, line by line: a week, unless it says otherwise."""

from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [("teams", "0011_team_week_start")]

    operations = [
        AddColumn("team", "keep_raw_lines_days", models.PositiveSmallIntegerField(db_default=7, default=7)),
    ]

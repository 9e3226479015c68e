"""The day that a team's weeks begin on; Monday, as all of them did so far."""

from django.db import migrations, models

from common.operations import AddColumn

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Migration(migrations.Migration):
    dependencies = [("teams", "0010_key_deadlines")]

    operations = [
        AddColumn(
            "team",
            "week_start",
            models.PositiveSmallIntegerField(choices=list(enumerate(DAYS)), db_default=0, default=0),
        ),
    ]

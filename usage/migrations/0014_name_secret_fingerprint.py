"""Call the fingerprint of a secret what it is. The column keeps its name: processes of before go on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0013_local_usage_member_and_source")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("meter", "secret_mark", "secret_fingerprint"),
                migrations.AlterField(
                    "meter",
                    "secret_fingerprint",
                    models.CharField(max_length=64, blank=True, db_column="secret_mark"),
                ),
            ]
        )
    ]

"""Say in the words of the pages what was decided about accounts. The stored values stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0011_rename_deeds_on_accounts")]

    operations = [
        migrations.AlterField(
            model_name="sharingsuggestion",
            name="state",
            field=models.CharField(
                choices=[("open", "Not decided"), ("merged", "Counted once"), ("dismissed", "Kept apart")],
                default="open",
                max_length=10,
            ),
        ),
    ]

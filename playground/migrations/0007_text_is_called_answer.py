from django.db import migrations, models


class Migration(migrations.Migration):
    # In Python alone: the column keeps its name, by which the version before reads and writes it.
    dependencies = [("playground", "0006_turns_may_branch")]
    operations = [
        migrations.AlterField("run", "text", models.TextField(blank=True, db_column="text")),
        migrations.RenameField("run", "text", "answer"),
    ]

"""The chores of the installation belong to no app. Their table stays as it is: only its owner changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    # The table is there from here on.
    dependencies = [("usage", "0009_state_decoder")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Chore",
                    fields=[
                        ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("due_at", models.DateTimeField()),
                    ],
                    options={"db_table": "usage_chore"},
                ),
            ],
        ),
    ]

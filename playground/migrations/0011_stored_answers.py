from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playground", "0010_all_that_came_back_of_runs")]
    operations = [
        migrations.AddField("run", "stored_from", models.UUIDField(null=True)),
        migrations.AddIndex(
            "run", models.Index(fields=["team", "request_digest"], name="run_by_request")
        ),
    ]

"""A day may be told by several imports: of each once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0045_imports")]

    operations = [
        migrations.RemoveConstraint(
            model_name="toldday",
            name="told_day_once",
        ),
        migrations.AddIndex(
            model_name="toldday",
            index=models.Index(fields=["meter", "start"], name="told_day_of_meter"),
        ),
        migrations.AddConstraint(
            model_name="toldday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", None)), fields=("meter", "start", "end"), name="told_day_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="toldday",
            constraint=models.UniqueConstraint(
                fields=("origin", "meter", "start", "end"), name="told_day_once_per_import"
            ),
        ),
    ]

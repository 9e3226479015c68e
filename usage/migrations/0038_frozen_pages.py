"""Who froze a page of the usage."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import SET_NULL


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0037_meter_runs_out"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="frozenreport",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=SET_NULL,
                related_name="+",
                db_index=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="frozenreport",
            name="author_name",
            field=models.CharField(max_length=254, db_default=""),
        ),
    ]

"""Hosts that give trouble, batches of polls that are under way, and the host of each meter."""

from django.db import migrations, models

from common.operations import AddColumn


ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("usage", "0030_index_parts_of_periods")]

    operations = [
        migrations.CreateModel(
            name="Host",
            fields=[
                ("id", ID),
                ("address", models.CharField(max_length=300, unique=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("probe_at", models.DateTimeField(null=True)),
                ("error", models.CharField(max_length=200, blank=True)),
                ("slow_since", models.DateTimeField(null=True)),
                ("down_since", models.DateTimeField(null=True)),
                ("back_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PollBatch",
            fields=[
                ("id", ID),
                ("lease", models.DateTimeField()),
                ("host", models.CharField(max_length=300, blank=True)),
                ("is_aside", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"verbose_name_plural": "poll batches"},
        ),
        AddColumn(
            "meter",
            "host",
            models.CharField(max_length=300, blank=True, db_default="", editable=False),
        ),
        migrations.AddIndex("meter", models.Index(fields=["host"], name="meter_host")),
    ]

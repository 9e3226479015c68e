from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):
    dependencies = [("playground", "0009_what_failed_and_what_helps")]
    operations = [
        AddColumn("run", "refusal", models.TextField(blank=True, db_default="")),
        migrations.AddField("run", "tool_calls", models.JSONField(null=True)),
        migrations.AddField("run", "reasoning_tokens", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("run", "cached_tokens", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("run", "reasoning_ms", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("run", "writing_ms", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("run", "notes", models.JSONField(null=True)),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("usage", "0006_fill_team_models")]
    operations = [
        migrations.AddField("meter", "period_tokens", models.BigIntegerField(null=True)),
        migrations.AddField("meter", "period_requests", models.BigIntegerField(null=True)),
        migrations.AddField("meter", "unattributed_tokens", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("meter", "unattributed_requests", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("meter", "is_exact", models.BooleanField(default=True, db_default=True)),
        migrations.AddField("meter", "limit_share", models.FloatField(null=True)),
    ]

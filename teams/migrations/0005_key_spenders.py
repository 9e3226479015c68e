from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0004_team_retention_and_deletion'),
    ]

    operations = [
        migrations.AddField(
            model_name='key',
            name='only_spenders',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='key',
            name='secret_set_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='key',
            name='spenders',
            field=models.ManyToManyField(blank=True, related_name='spendable_keys', to='teams.membership'),
        ),
    ]

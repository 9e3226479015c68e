from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0003_audit_trail'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='deleted_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='team',
            name='keep_prompts_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]

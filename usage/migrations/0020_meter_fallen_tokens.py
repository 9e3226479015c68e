from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('usage', '0019_meters_counted_anew'),
    ]

    operations = [
        migrations.AddField(
            model_name='meter',
            name='fallen_tokens',
            field=models.BigIntegerField(null=True),
        ),
    ]

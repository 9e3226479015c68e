from django.db import migrations, models

from common.operations import AddColumn


class Migration(migrations.Migration):

    dependencies = [
        ('playground', '0008_drafts'),
    ]

    operations = [
        AddColumn(
            model_name='run',
            name='error_type',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        AddColumn(
            model_name='run',
            name='error_param',
            field=models.CharField(blank=True, db_default='', max_length=200),
        ),
        AddColumn(
            model_name='run',
            name='error_remedy',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
    ]

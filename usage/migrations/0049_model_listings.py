"""The lists of models that keys were answered, as they came."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0015_key_refused_at'),
        ('usage', '0048_going_back_forgets_imports'),
    ]

    operations = [
        migrations.CreateModel(
            name='ModelListing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_url', models.CharField(max_length=300)),
                ('digest', models.CharField(max_length=64)),
                ('since', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('is_first', models.BooleanField()),
                ('body', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='listings', to='usage.pollbody')),
                ('key', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='model_listings', to='teams.key')),
            ],
            options={
                'indexes': [models.Index(fields=['key', '-id'], name='model_listing_of_key'), models.Index(fields=['last_at'], name='model_listing_retention'), models.Index(condition=models.Q(('body__isnull', False)), fields=['body'], name='model_listing_of_body')],
            },
        ),
    ]

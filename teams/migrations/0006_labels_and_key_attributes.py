import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0005_key_spenders'),
    ]

    operations = [
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('folded', models.CharField(editable=False, max_length=400)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='teams.team')),
            ],
            options={
                'ordering': ['folded'],
            },
        ),
        migrations.CreateModel(
            name='KeyAttributes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.CharField(blank=True, max_length=80)),
                ('plan', models.CharField(choices=[('free', 'Free'), ('pro', 'Pro'), ('own', 'Own numbers')], default='free', max_length=10)),
                ('requests_per_minute', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('tokens_per_day', models.PositiveBigIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('tokens_per_period', models.PositiveBigIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('valid_from', models.DateField()),
                ('owner_id', models.BigIntegerField(null=True)),
                ('owner_name', models.CharField(blank=True, max_length=254)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attributes', to='teams.key')),
                ('labels', models.ManyToManyField(blank=True, related_name='+', to='teams.label')),
            ],
            options={
                'verbose_name_plural': 'key attributes',
            },
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(fields=('team', 'folded'), name='label_is_unique_in_team'),
        ),
        migrations.AddConstraint(
            model_name='keyattributes',
            constraint=models.UniqueConstraint(fields=('key', 'valid_from'), name='key_attributes_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='keyattributes',
            constraint=models.CheckConstraint(condition=models.Q(('plan__in', ['free', 'pro', 'own'])), name='key_attributes_plan_is_known'),
        ),
    ]

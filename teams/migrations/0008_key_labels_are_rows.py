from django.db import migrations, models


class Migration(migrations.Migration):
    """The column `labels` of keys is no longer ours, and stays in the database for one version.

    Processes of the version before read and write it while they are replaced; we save keys without it, so
    the database has to fill it in. Whoever drops it later looks whether it is there: SQLite makes a table
    anew for some changes, and leaves out what we do not know of.
    """

    dependencies = [
        ('teams', '0007_fill_key_attributes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='key',
            name='labels',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name='key', name='labels')],
        ),
    ]

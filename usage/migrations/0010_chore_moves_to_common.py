"""Forget the model of the chores, which `common` has now. Their table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("usage", "0009_state_decoder"), ("common", "0001_chore_moves_here")]

    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Chore")])]

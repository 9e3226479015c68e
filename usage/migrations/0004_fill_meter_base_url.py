from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """A meter counts the account that its key points to today."""
    Meter, Key = apps.get_model("usage", "Meter"), apps.get_model("teams", "Key")
    address = Key.objects.filter(pk=OuterRef("key_id")).values("base_url")[:1]
    Meter.objects.exclude(key=None).update(base_url=Subquery(address))


class Migration(migrations.Migration):
    dependencies = [("usage", "0003_shared_accounts_and_retention")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    """What fails has failed since its last answer at the earliest; nobody wrote down how much later."""
    Meter = apps.get_model("usage", "Meter")
    failing = Meter.objects.filter(failures__gt=0, failing_since=None)
    failing.update(failing_since=Coalesce("answered_at", F("created_at")))


class Migration(migrations.Migration):
    dependencies = [("usage", "0042_meter_failing_since")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

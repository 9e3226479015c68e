"""Write the host of each meter beside its address, in small batches."""

from itertools import batched

from django.db import migrations

from usage.models.hosts import host_of


def fill(apps, schema_editor):
    """One statement for each address, of which there are few, and a few meters at a time."""
    Meter = apps.get_model("usage", "Meter")
    blank = Meter.objects.filter(host="").exclude(base_url="")
    for base_url in list(blank.order_by().values_list("base_url", flat=True).distinct()):
        ids = blank.filter(base_url=base_url).values_list("pk", flat=True)
        for some in batched(list(ids), 500, strict=False):
            Meter.objects.filter(pk__in=some).update(host=host_of(base_url))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("usage", "0031_hosts_and_batches")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

from django.db import migrations

COLUMNS = ["period_tokens", "period_requests", "unattributed_tokens", "unattributed_requests", "is_exact"]
BATCH = 200


def fill(apps, schema_editor):
    """Write beside each state what pages ask of it."""
    Meter = apps.get_model("usage", "Meter")
    meters = []
    for meter in Meter.objects.filter(state__isnull=False).only("state").iterator(chunk_size=BATCH):
        for metric in ("tokens", "requests"):
            counters = meter.state["counters"].get(metric, {})
            setattr(meter, f"period_{metric}", sum(counters.values()))
            setattr(meter, f"unattributed_{metric}", counters.get("(unattributed)", 0))
        meter.is_exact = meter.state["period"]["exact"]
        meters.append(meter)
    Meter.objects.bulk_update(meters, COLUMNS, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("usage", "0007_meter_standing")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

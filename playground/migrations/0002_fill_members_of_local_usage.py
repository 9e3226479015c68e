from django.db import migrations
from django.db.models import OuterRef, Subquery

BATCH = 500


def fill(apps, schema_editor):
    """Whoever asked for a run spent its tokens; nobody is named where the run or its author is gone."""
    LocalUsage, Run = apps.get_model("usage", "LocalUsage"), apps.get_model("playground", "Run")
    author = Run.objects.filter(pk=OuterRef("run")).values("author_id")[:1]
    missing = LocalUsage.objects.filter(member_id=None).order_by("pk")
    last = 0
    while ids := list(missing.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        LocalUsage.objects.filter(pk__in=ids).update(member_id=Subquery(author))
        last = ids[-1]


class Migration(migrations.Migration):
    # Each batch is a transaction of its own, so that nobody waits long; what is filled already is left alone.
    atomic = False
    dependencies = [
        ("playground", "0001_conversations_and_runs"),
        ("usage", "0013_local_usage_member_and_source"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Remember the models that raxdash itself ran, in the order of their first run: series are named by these rows."""

from itertools import batched

from django.db import migrations
from django.db.models import Min


def fill(apps, schema_editor):
    """A few hundred rows at a time; who notes one at this moment notes the same."""
    LocalUsage, TeamModel = apps.get_model("usage", "LocalUsage"), apps.get_model("usage", "TeamModel")
    ran = LocalUsage.objects.order_by().values_list("team_id", "model").annotate(first=Min("at"))
    for some in batched(ran.order_by("first", "team_id", "model"), 500, strict=False):
        rows = (TeamModel(team_id=team_id, model=model) for team_id, model, _ in some)
        TeamModel.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("usage", "0033_notes")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

from django.db import migrations
from django.db.models import Min


def fill(apps, schema_editor):
    """The models that each team used so far, in the order of their first series."""
    Series, TeamModel = apps.get_model("usage", "Series"), apps.get_model("usage", "TeamModel")
    used = Series.objects.exclude(metric="coverage").values_list("meter__team_id", "model")
    first = used.annotate(first=Min("pk")).order_by("first")
    rows = (TeamModel(team_id=team_id, model=model) for team_id, model, _ in first)
    TeamModel.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("usage", "0005_team_models")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

"""Write down what is certain of which key sees which model: where one key alone was ever asked at an address.

Of a model it is known since when it is on offer without a break; what ended before is not filled.
"""

from django.db import migrations
from django.db.models import F, Max, Q


def fill(apps, schema_editor):
    Meter, ModelOffer = apps.get_model("usage", "Meter"), apps.get_model("usage", "ModelOffer")
    asked = Meter.objects.exclude(models_asked_at=None).filter(base_url=F("key__base_url"))
    for meter in asked.only("team", "key", "base_url").iterator(chunk_size=200):
        alike = Meter.objects.filter(team=meter.team_id, base_url=meter.base_url)
        if alike.exclude(pk=meter.pk).exists():
            continue
        offers = [
            ModelOffer(
                key_id=meter.key_id,
                model=model,
                since=model.came_at or model.first_seen_at,
                last_seen_at=model.last_seen_at,
            )
            for model in on_offer(apps, meter)
        ]
        ModelOffer.objects.bulk_create(offers, batch_size=200, ignore_conflicts=True)


def on_offer(apps, meter):
    """The models that the address offers, with when each came, or came back, last."""
    came = Q(changes__kind__in=["appeared", "returned"])
    models = apps.get_model("usage", "CatalogueModel").objects
    mine = models.filter(team=meter.team_id, base_url=meter.base_url, gone_at=None)
    return mine.annotate(came_at=Max("changes__at", filter=came))


class Migration(migrations.Migration):
    dependencies = [("usage", "0017_model_offers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

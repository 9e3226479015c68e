import unicodedata
from datetime import date
from itertools import batched

from django.db import migrations, transaction

ALWAYS = date.min
BATCH = 200
SAME = ["owner_id", "project", "plan", "requests_per_minute", "tokens_per_day", "tokens_per_period"]


def fill(apps, schema_editor):
    """What each key is today holds for all of its days so far: nothing else is known of them."""
    Key = apps.get_model("teams", "Key")
    missing = Key.objects.filter(attributes=None).order_by("created_at", "pk")
    for ids in batched(list(missing.values_list("pk", flat=True)), BATCH):
        with transaction.atomic():
            describe(apps, list(missing.filter(pk__in=ids).select_related("owner")))


def describe(apps, keys):
    KeyAttributes = apps.get_model("teams", "KeyAttributes")
    rows = [
        KeyAttributes(
            key=key,
            valid_from=ALWAYS,
            owner_name=(key.owner.name or key.owner.email) if key.owner else "",
            **{name: getattr(key, name) for name in SAME},
        )
        for key in keys
    ]
    KeyAttributes.objects.bulk_create(rows)
    through, labels = KeyAttributes.labels.through, labels_of(apps, keys)
    through.objects.bulk_create(
        through(keyattributes_id=row.pk, label_id=labels[key.team_id, name])
        for row, key in zip(rows, keys)
        for name in {folded(label) for label in key.labels}
    )


def labels_of(apps, keys):
    """Make rows of the labels that are none yet, as typed first; return all ids by team and folded name."""
    Label = apps.get_model("teams", "Label")
    typed = {}
    for key in keys:
        for label in key.labels:
            typed.setdefault((key.team_id, folded(label)), label)
    rows = (Label(team_id=team, name=name, folded=key) for (team, key), name in typed.items())
    Label.objects.bulk_create(rows, ignore_conflicts=True)
    found = Label.objects.filter(team__in={key.team_id for key in keys})
    return {(label.team_id, label.folded): label.pk for label in found}


def folded(name):
    return unicodedata.normalize("NFC", name.casefold())


def give_back(apps, schema_editor):
    """Write the labels of each key's newest row where the version before reads them."""
    Key, KeyAttributes = apps.get_model("teams", "Key"), apps.get_model("teams", "KeyAttributes")
    for ids in batched(list(Key.objects.order_by("pk").values_list("pk", flat=True)), BATCH):
        rows = KeyAttributes.objects.filter(key__in=ids).order_by("valid_from").prefetch_related("labels")
        newest = {row.key_id: [label.name for label in row.labels.all()] for row in rows}
        with transaction.atomic():
            keys = [Key(pk=key_id, labels=labels) for key_id, labels in newest.items()]
            Key.objects.bulk_update(keys, ["labels"])


class Migration(migrations.Migration):
    # Each batch is a transaction of its own, so that nobody waits long; what is filled already is left alone.
    atomic = False
    dependencies = [("teams", "0006_labels_and_key_attributes")]
    operations = [migrations.RunPython(fill, give_back)]

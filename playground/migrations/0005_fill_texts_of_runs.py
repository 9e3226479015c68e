from django.db import migrations, transaction
from django.db.models import OuterRef, Subquery

BATCH = 200
# By what runs say of their ends, as the version before wrote it.
CAUSES = {
    "Stopped: its author may no longer use this key or this team.": "permission_lost",
    "The server was stopped while this run went on. What had arrived is kept.": "server_stopped",
    "The server that carried out this run went away. What had arrived is kept.": "server_lost",
    "The answer was ended: it had grown to 1,000,000 characters.": "too_long",
}


def fill(apps, schema_editor):
    """Write the words of each run into columns, whose turn it goes on from, and why it was stopped."""
    Run = apps.get_model("playground", "Run")
    last = None
    while ids := list(after(Run, last).values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            fill_words(Run, ids)
            fill_parents(Run, ids)
            fill_causes(Run, ids)
        last = ids[-1]


def after(Run, last):
    runs = Run.objects.order_by("pk")
    return runs if last is None else runs.filter(pk__gt=last)


def fill_words(Run, ids):
    unfilled = Run.objects.filter(pk__in=ids, message="", erased_at=None).only("messages")
    for run in unfilled.select_for_update():
        if run.messages:
            first, last = run.messages[0], run.messages[-1]
            system_prompt = first["content"] if first["role"] == "system" else ""
            Run.objects.filter(pk=run.pk).update(system_prompt=system_prompt, message=last["content"])


def fill_parents(Run, ids):
    earlier = Run.objects.filter(conversation=OuterRef("conversation"), turn__lt=OuterRef("turn"))
    parent = earlier.order_by("-turn").values("pk")[:1]
    Run.objects.filter(pk__in=ids, parent=None, turn__gt=1).update(parent_id=Subquery(parent))


def fill_causes(Run, ids):
    unfilled = Run.objects.filter(pk__in=ids, stop_cause="")
    for message, cause in CAUSES.items():
        unfilled.filter(error_message=message).update(stop_cause=cause)
    stopped = unfilled.filter(state="stopped", erased_at=None, error_message="")
    stopped.exclude(stop_requested_at=None).update(stop_cause="member")


class Migration(migrations.Migration):
    # Each batch is a transaction of its own, so that nobody waits long; what is filled already is left alone.
    atomic = False
    dependencies = [("playground", "0004_texts_and_requests_of_runs")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

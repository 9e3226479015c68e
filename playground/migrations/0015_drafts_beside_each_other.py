from django.db import migrations, models


def keep_the_newest(apps, schema_editor):
    """Leave each person the draft of a team that they wrote last: the version before knows one."""
    drafts = apps.get_model("playground", "Draft").objects
    seen = set()
    for pk, *owner in drafts.order_by("-saved_at", "-pk").values_list("pk", "team_id", "author_id"):
        if tuple(owner) in seen:
            drafts.filter(pk=pk).delete()
        seen.add(tuple(owner))


class Migration(migrations.Migration):
    # A page whose draft a process of the version before cannot save meanwhile keeps it in its browser, and tries again.
    dependencies = [("playground", "0014_search_index")]
    operations = [
        migrations.AddField("draft", "began_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("draft", "one_draft_per_member"),
        migrations.RunPython(migrations.RunPython.noop, keep_the_newest),
    ]

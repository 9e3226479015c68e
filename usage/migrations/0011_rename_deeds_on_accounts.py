"""Call the deeds on accounts by one name each, in the audit trail too."""

from django.db import migrations

NAMES = {
    "account.merged": ("account.counted_once", "merged the accounts of", "counted once the accounts of"),
    "account.doubted_again": ("account.asked_again",) + ("asked again about the accounts of",) * 2,
    "account.parted": (
        "account.counted_apart",
        "parted again the account of",
        "counted apart again the account of",
    ),
}


def rename(apps, schema_editor):
    for before, (after, _, words) in NAMES.items():
        apps.get_model("teams", "AuditEntry").objects.filter(deed=before).update(deed=after, words=words)


def undo(apps, schema_editor):
    for before, (after, words, _) in NAMES.items():
        apps.get_model("teams", "AuditEntry").objects.filter(deed=after).update(deed=before, words=words)


class Migration(migrations.Migration):
    dependencies = [("usage", "0010_chore_moves_to_common"), ("teams", "0003_audit_trail")]

    operations = [migrations.RunPython(rename, undo)]

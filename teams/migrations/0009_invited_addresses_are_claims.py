"""Accounts that were made through an invitation for an address counted as proven; the link had never been mailed."""

from typing import Any

from django.db import migrations
from django.db.models import F


def unprove(apps: Any, schema_editor: Any) -> None:
    """Take back what an invitation alone had proven: the account is not older than it, and has its address."""
    Invitation = apps.get_model("teams", "Invitation")
    EmailAddress = apps.get_model("account", "EmailAddress")
    made = Invitation.objects.filter(
        email=F("used_by__email"), created_at__lte=F("used_by__created_at")
    ).exclude(email="")
    people = list(made.values_list("used_by", flat=True))
    for first in range(0, len(people), 500):
        EmailAddress.objects.filter(user__in=people[first : first + 500]).update(verified=False)


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0008_key_labels_are_rows"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(unprove, migrations.RunPython.noop)]

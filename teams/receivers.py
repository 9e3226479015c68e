"""What this app does when the framework deletes a row of its own."""

from typing import Any

from django.db.models.signals import pre_delete

from teams.attributes import disown
from teams.models import User


def connect() -> None:
    """Hear of accounts that go, by whatever way."""
    pre_delete.connect(end_ownership, sender=User)


def end_ownership(sender: Any, instance: User, **_: Any) -> None:
    """Write down until when the keys were the person's; the database alone would only empty the column."""
    disown(instance)

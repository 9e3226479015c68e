"""Write down what somebody with power did, in the transaction that does it."""

from ipaddress import ip_address
from typing import Any

from django.db.models import Model, TextChoices

from teams.models import AuditEntry, Team, User

NOBODY = "Whoever runs raxdash"


def record(
    team: Team,
    deed: TextChoices,
    *,
    by: User | None,
    about: Model | None = None,
    ip: str = "",
    **details: Any,
) -> AuditEntry:
    """Save one entry. `by` None is the shell; `details` are plain JSON values, never a secret.

    A change is told as `name=[before, after]`.
    """
    kind, key, label = "", "", ""
    if about is not None:
        kind, key, label = about._meta.model_name or "", str(about.pk), str(about)
    return AuditEntry.objects.create(
        team=team,
        actor=by,
        actor_name=str(by) if by else NOBODY,
        deed=deed.value,
        words=deed.label,
        object_kind=kind,
        object_id=key,
        object_label=label[:254],
        details=details,
        ip=address(ip),
    )


def address(text: str) -> str | None:
    """Return an IP address, or None for what is none: a proxy may say anything, a socket file has none."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what changed between two sets of values, as `record` takes it."""
    return {name: [before[name], value] for name, value in after.items() if before.get(name) != value}

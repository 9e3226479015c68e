"""Add, change, check and retire the provider's keys; every deed is in the audit trail, no secret is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from teams import audit, signals
from teams.changes import Refused, change
from teams.checks import KeyCheck, check_key_now
from teams.encryption import SealBroken
from teams.models import Deed, Key, KeyLimits, Membership, Plan, Team, User
from teams.permissions import Access, Act

LOST_SEAL = "The stored secret does not open with ENCRYPTION_KEYS. Type the key again."


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """What somebody says about a key when adding it; `own` counts only with the plan of that name."""

    name: str
    secret: str
    base_url: str
    plan: str = Plan.FREE
    own: KeyLimits | None = None


def save_key(team: Team, owner: User, details: KeyDetails) -> Key:
    """Save a key, sealed; one of the same name in the team is given the new secret and plan."""
    key = Key.objects.filter(team=team, name=details.name).first() or Key(team=team, name=details.name)
    key.owner = owner
    key.base_url = details.base_url.rstrip("/")
    key.plan = details.plan
    key.status, key.status_reason = Key.Status.ACTIVE, ""
    own = (details.plan == Plan.OWN and details.own) or KeyLimits(None, None)
    key.requests_per_minute = own.requests_per_minute
    key.tokens_per_day, key.tokens_per_period = own.tokens_per_day, own.tokens_per_period
    # Said again it is no new secret: the day on which it was set tells whose usage is counted.
    if not key.holds(details.secret):
        key.set_secret(details.secret)
    key.save()
    return key


def add_key(access: Access, details: KeyDetails) -> Key:
    """Save a new key of the actor's. Raises `Refused` where the name was taken meanwhile."""
    with change(access, Act.MANAGE_KEYS) as actor:
        if Key.objects.filter(team=actor.team, name=details.name).exists():
            raise Refused(f"There is a key named {details.name} already.")
        key = save_key(actor.team, actor.user, details)
        audit.record(actor.team, Deed.KEY_ADDED, by=actor.user, about=key, ip=access.ip, plan=key.plan)
    return key


def change_key(access: Access, key_id: UUID, values: dict[str, Any], spenders: list[Membership]) -> Key:
    """Save what the team says about a key: model fields in `values`, and who may spend on it."""
    with change(access, Act.MANAGE_KEYS) as actor:
        key = living_key(actor, key_id)
        before = snapshot(key, values)
        for name, value in values.items():
            setattr(key, name, value)
        key.save(update_fields=list(values))
        key.spenders.set(spenders if key.only_spenders else [])
        changed = audit.differences(before, snapshot(key, values))
        if changed:
            audit.record(actor.team, Deed.KEY_CHANGED, by=actor.user, about=key, ip=access.ip, **changed)
    return key


def replace_secret(access: Access, key_id: UUID, base_url: str, secret: str) -> Key:
    """Give a key another secret, at the same or another address, after the provider took it."""
    with change(access, Act.MANAGE_KEYS) as actor:
        key = living_key(actor, key_id)
        before = {"base_url": key.base_url}
        key.move_to(base_url)
        key.set_secret(secret)
        key.status, key.status_reason = Key.Status.ACTIVE, ""
        key.save()
        changed = audit.differences(before, {"base_url": key.base_url})
        audit.record(actor.team, Deed.KEY_SECRET_REPLACED, by=actor.user, about=key, ip=access.ip, **changed)
        signals.key_accepted.send(Key, key=key)
    return key


def recheck(access: Access, key_id: UUID) -> KeyCheck:
    """Ask the provider about a stored key again, and use it again, or stop using it, by what it says."""
    key = living_key(access.membership, key_id)
    if not key.ciphertext:
        raise Refused("This key has no secret. Type it again.")
    try:
        check = check_key_now(key.reveal_secret(), key.base_url)
    except SealBroken as error:
        raise Refused(LOST_SEAL) from error
    with change(access, Act.MANAGE_KEYS) as actor:
        # Whoever replaced the secret meanwhile has had it checked: this answer is about the old one.
        if bytes(living_key(actor, key_id).ciphertext) == bytes(key.ciphertext):
            follow(check, key)
        answer = check.problem or "taken"
        audit.record(actor.team, Deed.KEY_CHECKED, by=actor.user, about=key, ip=access.ip, answer=answer)
    return check


def follow(check: KeyCheck, key: Key) -> None:
    """Use the key, or stop using it, as the provider said; an address that is silent decides nothing."""
    if not check.problem:
        key.mark_accepted()
        signals.key_accepted.send(Key, key=key)
    elif check.is_refusal:
        key.mark_refused(check.problem)


def retire(access: Access, key_id: UUID) -> Key:
    """Erase a key's secret and stop all use; its numbers stay."""
    with change(access, Act.MANAGE_KEYS) as actor:
        key = living_key(actor, key_id)
        key.retire()
        audit.record(actor.team, Deed.KEY_RETIRED, by=actor.user, about=key, ip=access.ip)
        signals.key_retired.send(Key, key=key)
    return key


def living_key(actor: Membership, key_id: UUID) -> Key:
    """Return a key of the actor's team that is not retired; 404 otherwise."""
    keys = Key.objects.for_team(actor.team).exclude(status=Key.Status.RETIRED)
    return get_object_or_404(keys.select_related("owner"), pk=key_id)


def snapshot(key: Key, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the key's values for these fields as plain text and numbers, with its spenders' names."""
    plain = {name: getattr(key, name) for name in fields if name != "only_spenders"}
    if "owner" in plain:
        plain["owner"] = str(plain["owner"] or "")
    names = sorted(str(member.user) for member in key.spenders.select_related("user"))
    return plain | {"spenders": names if key.only_spenders else "everyone"}

"""Add, change, check and retire the provider's keys; every deed is in the audit trail, no secret is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404

from rax import Model, ModelList
from teams import audit, signals
from teams.acts import TeamAct
from teams.changes import Refused, change
from teams.encryption import SealBroken
from teams.keys.attributes import change_attributes
from teams.keys.checks import KeyCheck, check_key_now
from teams.keys.timelines import Changes, Timeline, timeline
from teams.models import (
    ALWAYS,
    Deed,
    Key,
    KeyLimits,
    Label,
    Membership,
    Owner,
    Plan,
    Team,
    Terms,
    User,
)
from teams.permissions import Access

FROM_TODAY, SINCE_ALWAYS = "from today", "since always"
NO_PAST = "Owner, project, labels and plan are as they were, so there is nothing to correct in the past."
LOST_SEAL = "The stored secret does not open with ENCRYPTION_KEYS. Type the key again."


# What a provider listed: best as its answer, which is then kept as it came.
type Listed = Sequence[Model] | ModelList


@dataclass(frozen=True, slots=True)
class KeyDetails:
    """What somebody says about a key when adding it; `own` counts only with the plan of that name.

    `models` is what the provider listed when it was asked about the key; None where it was not, or told none.
    """

    name: str
    secret: str
    base_url: str
    plan: str = Plan.FREE
    own: KeyLimits | None = None
    models: Listed | None = None


@dataclass(frozen=True, slots=True)
class KeySettings:
    """What somebody says about a key on its page; labels as typed, `spenders` None for everybody.

    `deadlines` are in seconds, by name; what is None is as everywhere, what is not there stays.
    """

    name: str
    owner: User | None
    project: str
    labels: list[str]
    terms: Terms
    spenders: list[Membership] | None
    deadlines: dict[str, int | None] = field(default_factory=dict)
    valid: str = FROM_TODAY


@transaction.atomic
def save_key(team: Team, owner: User, details: KeyDetails) -> Key:
    """Save a key, sealed; one of the same name in the team is given the new secret and, from today, plan."""
    Team.objects.select_for_update().get(pk=team.pk)
    found = Key.objects.filter(team=team, name=details.name).first()
    key = found or Key(team=team, name=details.name)
    key.base_url = details.base_url.rstrip("/")
    key.status, key.status_reason, key.refused_at = Key.Status.ACTIVE, "", None
    # Said again it is no new secret: the day on which it was set tells whose usage is counted.
    is_another = not key.holds(details.secret)
    if is_another:
        key.set_secret(details.secret)
    key.save()
    if found and is_another:
        signals.secret_replaced.send(Key, key=key)
    attributes: Changes = {"owner": Owner.of(owner), "terms": Terms.of(details.plan, details.own)}
    change_attributes([key], team.today() if found else ALWAYS, attributes)
    tell_models(key, details.models)
    return key


def tell_models(key: Key, models: Listed | None) -> None:
    """Let whoever keeps the catalogue hear what the provider listed for a key; None where it told nothing."""
    if models is not None:
        signals.models_listed.send(Key, key=key, models=models)


def add_key(access: Access, details: KeyDetails) -> Key:
    """Save a new key of the actor's. Raises `Refused` where the name was taken meanwhile."""
    with change(access, TeamAct.MANAGE_KEYS) as actor:
        if Key.objects.filter(team=actor.team, name=details.name).exists():
            raise Refused(f"There is a key named {details.name} already.")
        key = save_key(actor.team, actor.user, details)
        audit.record(actor.team, Deed.KEY_ADDED, by=actor.user, about=key, ip=access.ip, plan=key.plan)
    return key


def change_key(access: Access, key_id: UUID, settings: KeySettings) -> Key:
    """Save what the team says about a key. Raises `Refused` where there is no past to correct."""
    with change(access, TeamAct.MANAGE_KEYS) as actor:
        key = living_key(actor, key_id)
        before, past = snapshot(key), timeline(key)
        given = attributes_of(settings, actor.team)
        dated = past.differences(given)
        if settings.valid == SINCE_ALWAYS and not dated:
            raise Refused(NO_PAST)
        change_attributes([key], ALWAYS if settings.valid == SINCE_ALWAYS else actor.team.today(), given)
        key.name, key.only_spenders = settings.name, settings.spenders is not None
        for name, seconds in settings.deadlines.items():
            setattr(key, name, seconds)
        key.save(update_fields=["name", "only_spenders", *settings.deadlines])
        key.spenders.set(settings.spenders or [])
        changed: dict[str, Any] = audit.differences(before, snapshot(key))
        if dated:
            changed |= validity(settings, past)
        if changed:
            audit.record(actor.team, Deed.KEY_CHANGED, by=actor.user, about=key, ip=access.ip, **changed)
    return key


def attributes_of(settings: KeySettings, team: Team) -> Changes:
    """Return what is dated of the settings; labels that are new to the team are created."""
    return {
        "owner": Owner.of(settings.owner),
        "project": settings.project,
        "labels": Label.objects.named(team, settings.labels),
        "terms": settings.terms,
    }


def validity(settings: KeySettings, past: Timeline) -> dict[str, str]:
    """Return for the audit trail since when a change is valid, and what past it replaced."""
    if settings.valid == SINCE_ALWAYS and len(past.entries) > 1:
        return {"valid": settings.valid, "replaced": "; ".join(map(str, past.entries))}
    return {"valid": settings.valid}


def replace_secret(
    access: Access, key_id: UUID, base_url: str, secret: str, models: Listed | None = None
) -> Key:
    """Give a key another secret, at the same or another address, after the provider took it.

    `models` is what the provider listed for it, None where it told none.
    """
    with change(access, TeamAct.MANAGE_KEYS) as actor:
        key = living_key(actor, key_id)
        before = {"base_url": key.base_url}
        key.move_to(base_url)
        key.set_secret(secret)
        key.status, key.status_reason, key.refused_at = Key.Status.ACTIVE, "", None
        key.save()
        signals.secret_replaced.send(Key, key=key)
        tell_models(key, models)
        changed = audit.differences(before, {"base_url": key.base_url})
        audit.record(actor.team, Deed.KEY_SECRET_REPLACED, by=actor.user, about=key, ip=access.ip, **changed)
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
    with change(access, TeamAct.MANAGE_KEYS) as actor:
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
        tell_models(key, check.models)
    elif check.is_refusal:
        key.mark_refused(check.problem)


def retire(access: Access, key_id: UUID) -> Key:
    """Erase a key's secret and stop all use; its numbers stay."""
    with change(access, TeamAct.MANAGE_KEYS) as actor:
        key = living_key(actor, key_id)
        key.retire()
        audit.record(actor.team, Deed.KEY_RETIRED, by=actor.user, about=key, ip=access.ip)
        signals.key_retired.send(Key, key=key)
    return key


def living_key(actor: Membership, key_id: UUID) -> Key:
    """Return a key of the actor's team that is not retired; 404 otherwise."""
    keys = Key.objects.for_team(actor.team).exclude(status=Key.Status.RETIRED)
    return get_object_or_404(keys.select_related("owner"), pk=key_id)


def snapshot(key: Key) -> dict[str, Any]:
    """Return what the team says about the key as plain text and numbers, with its spenders' names."""
    now, spenders = timeline(key).newest, key.spenders.select_related("user")
    return {
        "name": key.name,
        "owner": now.owner.name if now.owner else "",
        "project": now.project,
        "labels": [label.name for label in now.labels],
        "plan": now.plan.value,
        **asdict(now.terms.own),
        **key.own_deadlines(),
        "spenders": sorted(str(member.user) for member in spenders) if key.only_spenders else "everyone",
    }

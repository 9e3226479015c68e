"""The team's keys, never a secret: what each is, whose, and what it used."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from teams.models import Key
from teams.models.keys import KeyQuerySet
from usage.api.cursors import cursor_of, place_of
from usage.api.frame import Call, Found
from usage.api.problems import Problem
from usage.api.shapes import Json, at, named, newest
from usage.claims import UNKNOWN
from usage.exports.json_text import said
from usage.ledger.words import microseconds, moment
from usage.quota.key_quota import KeyQuota, key_quotas

ORDER = "keys, oldest first"


def find(call: Call) -> Found:
    """All keys that the team ever had, oldest first."""
    keys = Key.objects.for_team(call.access.team).select_related("owner").with_labels()
    shown, cursor = page_of(keys, call)
    quotas = key_quotas(call.access.team, shown, call.now)
    rows = [row(quota) for quota in quotas]
    return Found({"as_of": at(newest([quota.as_of for quota in quotas])), "rows": rows}, cursor)


def page_of(keys: KeyQuerySet, call: Call) -> tuple[Sequence[Key], str]:
    """One page of keys, oldest first, and the cursor of the next; empty where there is none."""
    limit, cursor = call.parameters.limit, call.parameters.cursor
    if cursor:
        keys = keys.filter(after(place_of(ORDER, cursor)))
    found = list(keys.defer("ciphertext")[: limit + 1])
    if len(found) <= limit:
        return found, ""
    last = found[limit - 1]
    return found[:limit], cursor_of(ORDER, [microseconds(last.created_at), str(last.pk)])


def after(place: Sequence[str | int]) -> Q:
    """A condition on the keys that come after a place."""
    try:
        created, pk = moment(int(place[0])), UUID(str(place[1]))
    except (ValueError, IndexError, OverflowError):
        raise Problem(400, "This cursor is none of keys.", "cursor_invalid") from None
    return Q(created_at__gt=created) | Q(created_at=created, pk__gt=pk)


def row(quota: KeyQuota) -> Json:
    """One key."""
    key, limits, meter = quota.key, quota.key.limits(), quota.meter
    problem = (meter.answer_error or meter.last_error) if meter else ""
    failing = meter.failing_since if meter else None
    return {
        "id": str(key.pk),
        "name": key.name,
        "status": key.status,
        "status_reason": key.status_reason,
        "refused_at": at(key.refused_at),
        "owner": named(key.owner.pk, str(key.owner)) if key.owner else None,
        "project": key.project,
        "labels": [named(label.pk, label.name) for label in key.labels],
        "plan": key.plan,
        "limits": {
            "requests_per_minute": limits.requests_per_minute,
            "tokens_per_day": limits.tokens_per_day,
            "tokens_per_period": limits.tokens_per_period,
        },
        "base_url": key.base_url,
        "added_at": at(key.created_at),
        "account": str(meter.pk) if meter else None,
        "as_of": at(quota.as_of),
        "problem": problem,
        "problem_since": at(failing) if problem else None,
        "used_today": said(quota.today.used),
        "used_in_period": said(quota.period.used if quota.period else UNKNOWN),
    }

"""What people say about accounts: one or two, the old or another. Every deed is in the audit trail."""

from uuid import UUID

from django.db import models
from django.shortcuts import get_object_or_404
from django.utils import timezone

from teams import audit
from teams.changes import change
from teams.keys.deeds import living_key
from teams.models import Membership, Team
from teams.permissions import Access
from usage.accounts import resets, sharing, succession
from usage.accounts.overview import amounts
from usage.acts import UsageAct
from usage.ledger import METRICS
from usage.ledger.words import moment
from usage.models import CounterReset, Meter, SharingSuggestion


class Deed(models.TextChoices):
    """What was done to accounts, in words that follow a person's name."""

    COUNTED_ONCE = "account.counted_once", "counted once the accounts of"
    KEPT_APART = "account.kept_apart", "kept apart the accounts of"
    ASKED_AGAIN = "account.asked_again", "asked again about the accounts of"
    COUNTED_APART = "account.counted_apart", "counted apart again the account of"
    SPLIT = "account.split", "said that the new secret is of another account:"
    RESET = "account.counter_reset", "said that the counter began again of"
    RESET_TAKEN_BACK = "account.reset_taken_back", "took back that the counter began again of"


def find(team: Team, suggestion_id: int) -> SharingSuggestion:
    """Return a suggestion of the team; 404 otherwise."""
    return get_object_or_404(SharingSuggestion.objects.for_team(team), pk=suggestion_id)


def count_once(access: Access, suggestion_id: int) -> bool:
    """Merge the accounts of a suggestion; tell whether nobody had decided before."""
    with change(access, UsageAct.DECIDE_ACCOUNTS) as actor:
        suggestion, now = find(actor.team, suggestion_id), timezone.now()
        gone = amounts(sharing.sides(suggestion, now)[1])
        meter = sharing.count_once(suggestion, actor.user, now)
        if meter is not None:
            taken_off = {f"{metric}_taken_off": gone[metric] for metric in METRICS}
            _record(access, actor, Deed.COUNTED_ONCE, suggestion, counted_with=meter.title, **taken_off)
    return meter is not None


def keep_apart(access: Access, suggestion_id: int) -> bool:
    """Dismiss a suggestion; tell whether nobody had decided before."""
    with change(access, UsageAct.DECIDE_ACCOUNTS) as actor:
        suggestion = find(actor.team, suggestion_id)
        is_done = sharing.keep_apart(suggestion, actor.user, timezone.now())
        if is_done:
            _record(access, actor, Deed.KEPT_APART, suggestion)
    return is_done


def ask_again(access: Access, suggestion_id: int) -> bool:
    """Open a dismissed suggestion again; tell whether it was dismissed."""
    with change(access, UsageAct.DECIDE_ACCOUNTS) as actor:
        suggestion = find(actor.team, suggestion_id)
        is_done = sharing.ask_again(suggestion)
        if is_done:
            _record(access, actor, Deed.ASKED_AGAIN, suggestion)
    return is_done


def find_meter(team: Team, meter_id: int) -> Meter:
    """Return a meter of the team with its key, and the one that it was merged into; 404 otherwise."""
    meters = Meter.objects.filter(team=team).select_related("key", "merged_into__key")
    return get_object_or_404(meters, pk=meter_id)


def count_apart(access: Access, meter_id: int) -> bool:
    """Count a merged meter by itself again; tell whether that was possible."""
    with change(access, UsageAct.DECIDE_ACCOUNTS) as actor:
        meter = find_meter(actor.team, meter_id)
        root = meter.root()
        is_done = sharing.count_apart(meter, actor.user, timezone.now())
        if is_done:
            _record(access, actor, Deed.COUNTED_APART, meter.key or meter, counted_with=root.title)
    return is_done


def split(access: Access, key_id: UUID) -> bool:
    """Count what a key used with its present secret as another account; tell whether it was not yet."""
    with change(access, UsageAct.DECIDE_ACCOUNTS) as actor:
        key = living_key(actor, key_id)
        is_done = succession.split(key, by=actor.user) is not None
        if is_done:
            _record(access, actor, Deed.SPLIT, key)
    return is_done


def reset(access: Access, meter_id: int, at: int) -> bool:
    """Say that an account's counter began again with the answer at `at`; tell whether that was possible."""
    with change(access, UsageAct.DECIDE_ACCOUNTS) as actor:
        root = find_meter(actor.team, meter_id).root()
        read = resets.say(root, at, actor.user, timezone.now())
        if read:
            told = {"had_told": read.words_before, "then_told": read.words_told}
            _record(access, actor, Deed.RESET, root.key or root, answered_at=_clock(at), **told)
    return read is not None


def find_reset(team: Team, reset_id: int) -> CounterReset:
    """Return what somebody said of a counter of the team; 404 otherwise."""
    return get_object_or_404(CounterReset.objects.for_team(team), pk=reset_id)


def take_back_reset(access: Access, reset_id: int) -> None:
    """Take back that a counter began again."""
    with change(access, UsageAct.DECIDE_ACCOUNTS) as actor:
        said = find_reset(actor.team, reset_id)
        root = said.account
        resets.take_back(said, actor.user)
        _record(access, actor, Deed.RESET_TAKEN_BACK, root.key or root, answered_at=_clock(said.at))


def _clock(at: int) -> str:
    return f"{moment(at):%Y-%m-%d %H:%M:%S} UTC"


def _record(access: Access, actor: Membership, deed: Deed, about: models.Model, **details: object) -> None:
    audit.record(actor.team, deed, by=actor.user, about=about, ip=access.ip, **details)

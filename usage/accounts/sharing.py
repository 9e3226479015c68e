"""Two keys of one account count the same usage twice. We notice, show why, and merge when a person says so.

Exact equality of tokens and breakdown, again and again while they change, is no accident. Requests are left
out of the comparison: our own polls may count in them.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Count, Value

from common.database.together import Reading, ask
from common.guard import guarded
from common.models import Chore
from teams.models import Key, Team, User
from teams.permissions import Access
from usage.accounts import merge, recount
from usage.accounts.merge import lead
from usage.accounts.recount import Account
from usage.acts import UsageAct
from usage.books.ingest import lock_teams
from usage.books.refold import BEFORE_ALL
from usage.ledger.words import microseconds, moment
from usage.models import Meter, RawPoll, SharingSuggestion, SharingSuggestionQuerySet

NAME, EVERY = "sharing", timedelta(hours=1)
LOOK_BACK = timedelta(days=2)

# So many different counters must have been the same at both keys: three changes.
LEAST_SAME = 4
EVIDENCE_SHOWN = 8

# {(period start, tokens, breakdown): the polls that said so}
type Sightings = dict[tuple[datetime, int, bytes], list[RawPoll]]


def suggestions(team: Team) -> SharingSuggestionQuerySet:
    """What a person should decide: pairs of meters that seem to share an account, the surest first."""
    return SharingSuggestion.objects.for_team(team).open()


def doubts(access: Access) -> Reading[int]:
    """How many pairs wait for a decision of who asks, as a reading; one step, none where they may not."""
    if not access.may(UsageAct.DECIDE_ACCOUNTS):
        return 0
    counted = suggestions(access.team).order_by().values(one=Value(1)).annotate(count=Count("pk"))
    rows = yield from ask(counted)
    return rows[0]["count"] if rows else 0


def is_due(now: datetime) -> bool:
    """Tell whether an hour has passed."""
    return Chore.objects.is_due(NAME, now, EVERY)


def look_when_due(now: datetime) -> None:
    """Look for shared accounts, once an hour whoever asks."""
    if Chore.objects.claim(NAME, now, EVERY):
        counted = Count("meters")
        for team in Team.objects.annotate(counted=counted).filter(counted__gt=1):
            with guarded("Looking for shared accounts of team", team.pk):
                look(team, now)


def look(team: Team, now: datetime) -> int:
    """Compare what the team's keys said lately; return how many suggestions are new."""
    found = 0
    pairs = _pairs(_sightings(team, now))
    for (first, second), same in pairs.items():
        if len(same) < LEAST_SAME:
            _align(first, second)
            continue
        _, is_new = SharingSuggestion.objects.update_or_create(
            first_id=first,
            second_id=second,
            defaults={"changes": len(same) - 1, "evidence": _evidence(same)},
            create_defaults={
                "team": team,
                "changes": len(same) - 1,
                "evidence": _evidence(same),
                "noticed_at": now,
            },
        )
        found += is_new
    return found


def _sightings(team: Team, now: datetime) -> Sightings:
    """The counters that more than one meter of an address showed lately."""
    polls = RawPoll.objects.filter(
        meter__in=Meter.objects.for_team(team).exclude(key=None),
        at__gte=microseconds(now - LOOK_BACK),
        total_tokens__gt=0,
    )
    totals = polls.values("meter__base_url", "total_tokens").annotate(meters=Count("meter", distinct=True))
    shared = totals.filter(meters__gt=1).values_list("total_tokens", flat=True)
    found: Sightings = defaultdict(list)
    for poll in polls.filter(total_tokens__in=shared).select_related("meter").order_by("at"):
        said = orjson.dumps([poll.meter.base_url, poll.breakdown], option=orjson.OPT_SORT_KEYS)
        if poll.period_start and poll.total_tokens:
            found[poll.period_start, poll.total_tokens, said].append(poll)
    return found


def _pairs(sightings: Sightings) -> dict[tuple[int, int], list[tuple[RawPoll, RawPoll]]]:
    """{(older meter, newer meter): one pair of polls for each counter that both showed}."""
    same: dict[tuple[int, int], list[tuple[RawPoll, RawPoll]]] = defaultdict(list)
    for polls in sightings.values():
        newest = {poll.meter_id: poll for poll in polls}
        for first, second in combinations(sorted(newest), 2):
            same[first, second].append((newest[first], newest[second]))
    # Of three keys that surely share one account, each is named beside the oldest.
    newer = {second for (_, second), polls in same.items() if len(polls) >= LEAST_SAME}
    return {pair: polls for pair, polls in same.items() if len(polls) < LEAST_SAME or pair[0] not in newer}


def _align(first: int, second: int) -> None:
    """Ask a suspected pair at the same moment next time: a busy account shows no counter twice."""
    plan = Meter.objects.filter(pk=first).values("next_poll_at", "planned_at")
    Meter.objects.filter(pk=second, lease_until=None).update(**plan[0])


def _evidence(same: Sequence[tuple[RawPoll, RawPoll]]) -> list[dict[str, Any]]:
    """The newest pairs, oldest first, in words that JSON knows."""
    return [
        {
            "first_at": moment(first.at or 0).isoformat(),
            "second_at": moment(second.at or 0).isoformat(),
            "period_start": first.period_start.isoformat() if first.period_start else "",
            "tokens": first.total_tokens,
            "requests": first.total_requests,
        }
        for first, second in same[-EVIDENCE_SHOWN:]
    ]


@transaction.atomic
def count_once(suggestion: SharingSuggestion, by: User | None, now: datetime) -> Meter | None:
    """Begin to count the account of both meters once, because somebody said so.

    Return the meter that will count it, or None where that was decided before: nothing changes then.
    """
    (team,) = lock_teams([suggestion.first_id, suggestion.second_id]).values()
    mine = SharingSuggestion.objects.filter(pk=suggestion.pk)
    if not _decide(mine, SharingSuggestion.Decision.COUNTED_ONCE, by, now):
        return None
    keeps, goes = sides(suggestion, now)
    if keeps != goes:
        gone = goes.account_ids()
        account = Account(keeps.pk, [*keeps.account_ids(), *gone], merge.first_poll(gone))
        deed = {"decided_by": by.pk if by else None}
        recount.start(team, [account], [goes.pk], deed=deed, by=by or "", by_id=by.pk if by else "")
    return keeps


def sides(suggestion: SharingSuggestion, now: datetime) -> tuple[Meter, Meter]:
    """The meter that would count both accounts, and the one that would count nothing any more."""
    pair = [Meter.objects.get(pk=pk).root() for pk in (suggestion.first_id, suggestion.second_id)]
    keeps, goes = sorted(pair, key=lambda meter: (meter.watched_from or now, meter.pk))
    return keeps, goes


def keep_apart(suggestion: SharingSuggestion, by: User | None, now: datetime) -> bool:
    """Never suggest this pair again; tell whether nobody had decided before."""
    mine = SharingSuggestion.objects.filter(pk=suggestion.pk)
    return _decide(mine, SharingSuggestion.Decision.KEPT_APART, by, now) > 0


def ask_again(suggestion: SharingSuggestion) -> bool:
    """Ask again about a pair that was dismissed; tell whether it was."""
    dismissed = SharingSuggestion.objects.filter(pk=suggestion.pk).dismissed()
    return dismissed.update(state=SharingSuggestion.Decision.OPEN, decided_by=None, decided_at=None) > 0


@transaction.atomic
def count_apart(meter: Meter, by: User | None, now: datetime) -> bool:
    """Begin to count a merged meter apart again, as somebody said; tell whether that was possible.

    It and the one it was merged into follow from their own polls then.
    """
    (team,) = lock_teams([meter.pk]).values()
    meter.refresh_from_db()
    if not meter.can_be_counted_apart() or meter.is_held:
        return False
    root = meter.root()
    since = BEFORE_ALL if root.pruned_at is None else merge.first_poll([meter.pk])
    others = [pk for pk in root.account_ids() if pk != meter.pk]
    accounts = [Account(root.pk, others, since), Account(meter.pk, [meter.pk], since)]
    recount.start(team, accounts, deed={}, by=by or "", by_id=by.pk if by else "")
    merged = SharingSuggestion.objects.about(meter).filter(state=SharingSuggestion.Decision.COUNTED_ONCE)
    merged.update(state=SharingSuggestion.Decision.KEPT_APART, decided_by=by, decided_at=now)
    return True


def _decide(suggestions: SharingSuggestionQuerySet, state: str, by: User | None, now: datetime) -> int:
    """Decide what is still open, and return how much of it: of two people at once, one does."""
    return suggestions.open().update(state=state, decided_by=by, decided_at=now)


def hand_over(team: Team | None = None) -> None:
    """Where the key of a shared account can no longer be asked, ask with another one of the account."""
    usable = Key.objects.usable()
    silent = Meter.objects.filter(merged__key__in=usable).exclude(key__in=usable).distinct()
    silent = silent.filter(is_held=False)
    mine = silent if team is None else silent.filter(team=team)
    for pk in mine.values_list("pk", flat=True):
        with guarded("Asking with another key for meter", pk), transaction.atomic():
            lock_teams([pk])
            meter = silent.filter(pk=pk).first()
            spare = Meter.objects.filter(merged_into=pk, key__in=usable).order_by("pk").first()
            if meter and spare:
                lead(meter, spare)

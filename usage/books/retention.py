"""What is thrown away, and when: raw polls and knots that no number needs any more, deleted views, and sums
of cohorts that no day is read by.

Rollups, periods and annotations stay for ever. Of each meter everything stays since a firm knot (its anchor)
that lies before the raw polls to keep: from there the ledger can always be proven and rebuilt. Work is done
in short transactions, and a job that is broken off simply goes on the next day.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from common.guard import guarded
from common.models import Chore, Job
from teams.models import Team
from usage.books.rollups import unused_cohorts
from usage.ledger import Event
from usage.ledger.words import microseconds
from usage.models import (
    Annotation,
    CatalogueModel,
    Export,
    Knot,
    LimiterWindow,
    Meter,
    ModelListing,
    PastSums,
    Period,
    PollBody,
    RateSample,
    RawPoll,
    SavedView,
)

logger = logging.getLogger(__name__)

NAME, EVERY = "retention", timedelta(days=1)

# Rows that one transaction deletes.
AT_ONCE = 2_000

# Limits that no answer has spoken of for so long tell nothing.
STALE_LIMITS = timedelta(days=30)


def is_due(now: datetime) -> bool:
    """Tell whether a day has passed."""
    return Chore.objects.is_due(NAME, now, EVERY)


def run_when_due(now: datetime) -> int:
    """Throw away what is too old, once a day whoever asks; return how many rows went."""
    return run(now) if Chore.objects.claim(NAME, now, EVERY) else 0


def run(now: datetime) -> int:
    """Throw away what is too old; return how many rows went."""
    meters = Meter.objects.counted().filter(state__isnull=False, is_held=False).values_list("pk", flat=True)
    gone = 0
    for pk in list(meters):
        with guarded("Throwing away what is too old of meter", pk):
            gone += prune(pk, now)
    gone += (
        prune_unreadable(now) + prune_listings(now) + prune_bodies(now) + prune_limits(now) + prune_views(now)
    )
    gone += prune_exports(now) + prune_catalogue(now)
    gone += unused_cohorts.prune(now)
    if gone:
        logger.info("Deleted %d rows that no number needs any more.", gone)
    return gone


def prune(meter_id: int, now: datetime) -> int:
    """Throw away one meter's polls and knots before its anchor."""
    keep = kept_from(meter_id, now)
    knot = Knot.objects.filter(meter=meter_id, firm=True, at__lt=keep).order_by("-at").first()
    if knot is None:
        return 0
    # A knot at a period's end may tell of much later polls.
    anchor, told = knot.at, min(knot.told_at, keep - 1)
    earlier = Q(pruned_at=None) | Q(pruned_at__lt=anchor)
    Meter.objects.filter(earlier, pk=meter_id).update(pruned_at=anchor)
    mine = {"meter": meter_id}
    account = Q(meter=meter_id) | Q(meter__merged_into=meter_id)
    floor = knots_kept_from(meter_id, anchor)
    # A provider whose window rolls notes a later start, and leaves a period, with each poll.
    rolled = {"event": Event.BOUNDARY_MOVED, "at__lt": anchor}
    team = Meter.objects.filter(pk=meter_id).values_list("team_id", flat=True).first()
    shown = [
        delete(team, lambda: Period.objects.filter(**mine, superseded=True, last_at__lt=anchor)),
        delete(team, lambda: Annotation.objects.filter(**mine, **rolled)),
    ]
    if any(shown):
        delete(team, lambda: PastSums.objects.filter(team=team))
    unseen = [
        delete(team, lambda: RawPoll.objects.filter(account, at__lte=told)),
        delete(team, lambda: Knot.objects.filter(**mine, at__lt=floor)),
    ]
    return sum([*shown, *unseen])


def kept_from(meter_id: int, now: datetime) -> int:
    """Since when all polls stay, in microseconds: for the days of the setting, and for two periods."""
    keep = microseconds(now - timedelta(days=settings.RAW_RETENTION_DAYS))
    # Parts of one period, whose counter began again, are one.
    periods = Period.objects.filter(meter=meter_id, superseded=False, told_start=None).order_by("-start")
    two = list(periods.values_list("start", flat=True)[:2])
    return min([keep, *two])


def knots_kept_from(meter_id: int, anchor: int) -> int:
    """The oldest knot to keep: a poll after the anchor that moved a boundary reads the knots around it."""
    moved = Annotation.objects.filter(meter=meter_id, event=Event.BOUNDARY_MOVED, at__gt=anchor)
    reach = min([anchor, *moved.values_list("since", flat=True)])
    before = Knot.objects.filter(meter=meter_id, at__lte=reach).order_by("-at")
    return before.values_list("at", flat=True).first() or reach


def prune_unreadable(now: datetime) -> int:
    """Throw away old answers that had no counters: no number was ever made of them."""
    before = now - timedelta(days=settings.RAW_RETENTION_DAYS)
    return delete(None, lambda: RawPoll.objects.filter(at=None, started_at__lt=before))


def prune_listings(now: datetime) -> int:
    """Throw away old lists of models; the last one of each key stays, as the newest knot does."""
    before = now - timedelta(days=settings.RAW_RETENTION_DAYS)
    return delete(None, lambda: ModelListing.objects.before(before))


def prune_catalogue(now: datetime) -> int:
    """Make room where a server named more models than are kept: what is gone for long, and was never used."""
    gone, before = 0, now - timedelta(days=settings.RAW_RETENTION_DAYS)
    for full in CatalogueModel.objects.full():
        of_address = CatalogueModel.objects.filter(team=full["team"], base_url=full["base_url"])
        gone += delete(full["team"], partial(of_address.in_the_way, before))
    return gone


def prune_bodies(now: datetime) -> int:
    """Throw away the bodies that no raw poll refers to any more; younger ones cannot be among them."""
    old = PollBody.objects.filter(first_seen_at__lt=now - timedelta(days=settings.RAW_RETENTION_DAYS))
    teams = list(old.values_list("team_id", flat=True).distinct().order_by("team_id"))
    gone = 0
    for team in teams:
        with guarded("Throwing away the bodies of polls of team", team):
            gone += delete(team, old.filter(team=team).unneeded().all)
    return gone


def prune_limits(now: datetime) -> int:
    """Throw away what was last said long ago about limits."""
    before = now - STALE_LIMITS
    old_minute = int(before.timestamp()) // 60
    quiet = Q(blocked_until=None) | Q(blocked_until__lt=before)
    return sum(
        [
            delete(None, lambda: RateSample.objects.filter(received_at__lt=before)),
            delete(None, lambda: LimiterWindow.objects.filter(quiet, minute__lt=old_minute)),
        ]
    )


def prune_views(now: datetime) -> int:
    """Throw away the saved views that were deleted and cannot be brought back any more."""
    return delete(None, SavedView.objects.gone(now).all)


def prune_exports(now: datetime) -> int:
    """Throw away files that were made for somebody a while ago, and the work of those that never were."""
    expired = Export.objects.expired(now)
    return delete(None, lambda: Job.objects.filter(pk__in=expired.values("job"))) + delete(None, expired.all)


def delete(team_id: int | None, rows: Callable[[], models.QuerySet[Any]]) -> int:
    """Delete all rows, some thousand in a transaction, with their team locked meanwhile."""
    gone = 0
    while True:
        with transaction.atomic():
            list(Team.objects.filter(pk__in=[team_id] if team_id else []).select_for_update())
            ids: Iterable[object] = list(rows().values_list("pk", flat=True)[:AT_ONCE])
            deleted, _ = rows().filter(pk__in=ids).delete()
        gone += deleted
        if not deleted:
            return gone

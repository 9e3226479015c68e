"""Celery tasks: thin hands. A lost, late or repeated message changes nothing."""

import logging
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from common.guard import guarded
from common.queueing import publish
from usage.accounts import fold_again, sharing
from usage.books import retention
from usage.books.rollups import zone_change
from usage.polls import polling
from usage.polls.claims import adoption, due, lanes
from usage.polls.claims.leases import SHARED, Claim

logger = logging.getLogger(__name__)


@shared_task(name="usage.tasks.tick")
def tick() -> None:
    """Hand what is due to the workers, and do nothing else: this is the tick of all teams.

    A batch whose message is lost is due again soon.
    """
    hand_out()


def hand_out(places: int = lanes.PLACES) -> bool:
    """Hand what is due to the workers, who have so many places; tell whether something waits for one.

    A batch that the broker did not take is due again at once.
    """
    claims, is_left = lanes.claim(timezone.now(), places)
    for claim in claims:
        until = claim.until.isoformat()
        if not publish(poll_meters, claim.meter_ids, until, claim.is_aside, at=claim.ask_at):
            due.give_back(claim)
    if any(chore.is_due(timezone.now()) for chore in (retention, sharing)):
        publish(tidy)
    return is_left


@shared_task(name="usage.tasks.adopt")
def adopt() -> None:
    """Give new keys their meters, which the next tick claims; find days of another zone, and old rules."""
    if adoption.adopt_all(timezone.now()):
        publish(tick)
    zone_change.start_stale()
    fold_again.start_outdated()


@shared_task(name="usage.tasks.poll_meters")
def poll_meters(meter_ids: list[int], leased_until: str, is_aside: bool = False) -> None:
    """Poll a batch of meters whose lease ends at an ISO instant."""
    until = datetime.fromisoformat(leased_until)
    claim = Claim(tuple(meter_ids), until, is_aside=is_aside)
    outcomes = polling.poll_claimed(claim)
    failed = sum(bool(outcome.error) for outcome in outcomes)
    logger.info("Polled %d meters, %d without an answer.", len(outcomes), failed)
    if len(outcomes) >= SHARED:
        # Where there were so many, more may wait for this place: not for the next tick too.
        hand_out()


@shared_task(name="usage.tasks.tidy")
def tidy() -> None:
    """Throw away what is too old, and look for shared accounts; of two at once, one does it."""
    for what in (sharing.look_when_due, retention.run_when_due):
        with guarded("The daily work", what.__module__):
            what(timezone.now())

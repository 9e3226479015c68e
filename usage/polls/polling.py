"""Poll what was claimed: ask all at once, take in what they told. No meter costs another one its poll."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from common.clock import is_ahead
from common.database.faults import is_passing
from common.guard import guarded
from teams.encryption import SealBroken
from usage.accounts import succession
from usage.books.answers.batches import bounded, weight
from usage.models import Meter, PollBatch
from usage.models.meters.meter import LEASE
from usage.polls.asking import Question, Told, ask
from usage.polls.claims.adoption import adopt_all
from usage.polls.claims.database_faults import released_after_faults
from usage.polls.claims.due import claim_due, let_go, put_off, renew, renewal
from usage.polls.claims.hosts import Watch
from usage.polls.claims.leases import Batch, Claim, lease
from usage.polls.outcomes import PollOutcome, save
from usage.polls.schedule.regular import MODELS_INTERVAL
from usage.quota import limiter

logger = logging.getLogger(__name__)


def poll_claimed(claim: Claim, now: datetime | None = None) -> list[PollOutcome]:
    """Ask all claimed meters at once and take in what they told. One no longer ours is passed over."""
    now = now or timezone.now()
    with released_after_faults(claim, renewal(claim, now)):
        return _poll(claim, renew(claim, now), now)


def _poll(claim: Claim, mine: dict[int, Meter], now: datetime) -> list[PollOutcome]:
    watch = Watch(mine.values(), now)
    waiting = {pk: meter for pk, meter in mine.items() if claim.is_aside or meter.host not in watch.failing()}
    questions = _admitted(waiting, now)
    outcomes: list[PollOutcome] = []
    for told in ask(questions).moments():
        outcomes += _take_in(waiting, told)
        watch.see(told, timezone.now())
        PollBatch.objects.see([claim.until], timezone.now())
    watch.conclude(timezone.now())
    asked = {outcome.told.meter_id for outcome in outcomes}
    unasked = {question.meter_id for question in questions} - asked
    let_go([meter for pk, meter in mine.items() if pk in unasked or pk not in waiting])
    PollBatch.objects.filter(lease=claim.until).delete()
    return outcomes


def poll_now(now: datetime | None = None) -> list[PollOutcome]:
    """Poll every key once, in this process, also those that a worker has leased: it may have died since.

    Where that worker still means to ask one, its claim has lost its name, and it asks nobody.
    """
    now = now or timezone.now()
    adopt_all(now)
    Meter.objects.pollable().update(next_poll_at=now, planned_at=now, lease_until=None)
    return [outcome for claim in claim_due(now) for outcome in _poll_whole(claim, now)]


def _poll_whole(claim: Claim, now: datetime) -> list[PollOutcome]:
    """Poll all of a claim; of a host that fails those that were not asked at once are left out."""
    outcomes = told = poll_claimed(replace(claim, is_aside=True), now)
    while told:
        asked = {outcome.told.meter_id for outcome in outcomes}
        if not (left := [pk for pk in claim.meter_ids if pk not in asked]):
            break
        again = lease([Batch(claim.host, left)], now)
        told = [outcome for rest in again for outcome in poll_claimed(rest, now)]
        outcomes = [*outcomes, *told]
    return outcomes


def _admitted(meters: dict[int, Meter], now: datetime) -> list[Question]:
    """The questions that may be asked now; a key that was told to wait is put off until then."""
    questions: dict[int, Question] = {}
    for pk, meter in meters.items():
        with guarded("Preparing the poll of meter", pk):
            if question := _question(meter, now):
                questions[pk] = question
    requests = {
        meters[pk].key_id: 1 + question.asks_models for pk, question in questions.items() if meters[pk].key_id
    }
    until = limiter.acquire_for_polls({key_id: count for key_id, count in requests.items() if key_id}, now)
    for pk in list(questions):
        key_id = meters[pk].key_id
        if key_id and (blocked := until.get(key_id)):
            del questions[pk]
            put_off(meters[pk], blocked, now)
    return list(questions.values())


def _question(meter: Meter, now: datetime) -> Question | None:
    if meter.key is None or meter.key.base_url != meter.base_url:
        return None  # the key moved a moment ago, and gets a meter of its own
    try:
        secret = meter.key.reveal_secret()
    except SealBroken:
        logger.warning("The secret of key %s cannot be opened.", meter.key.pk)
        put_off(meter, now + LEASE, now, last_error="The stored secret cannot be opened.")
        return None
    asked = meter.models_asked_at
    asks_models = asked is None or asked <= now - MODELS_INTERVAL or is_ahead(asked, now)
    return Question(
        meter.pk, meter.base_url, secret, asks_models, succession.fingerprint(secret), meter.team_id
    )


def _take_in(meters: dict[int, Meter], told: Iterable[Told]) -> list[PollOutcome]:
    outcomes = [_read(meters[answer.meter_id], answer) for answer in told]
    saved: list[PollOutcome] = []
    for chunk in bounded(outcomes, lambda outcome: weight(outcome.answer)):
        try:
            save(chunk)
            saved += chunk
        except Exception:
            # One broken meter must not cost the others their polls: each is tried alone.
            logger.exception("A batch of polls could not be saved.")
            saved += map(_save_alone, chunk)
    return saved


def _read(meter: Meter, told: Told) -> PollOutcome:
    try:
        return PollOutcome.of(meter, told, _interval())
    except Exception as failure:
        logger.exception("What meter %s told could not be read.", meter.pk)
        return PollOutcome.failed(meter, told, _interval(), failure)


def _save_alone(outcome: PollOutcome) -> PollOutcome:
    """Save one outcome; where that fails, save at least what came, and return that.

    Raises DatabaseError where the database is away for the moment: no meter is to blame.
    """
    try:
        save([outcome])
    except Exception as failure:
        if is_passing(failure):
            raise
        logger.exception("The poll of meter %s could not be saved.", outcome.meter.pk)
        outcome = PollOutcome.failed(outcome.meter, outcome.told, _interval(), failure)
        with guarded("Keeping what was told to meter", outcome.meter.pk):
            save([outcome])
    return outcome


def _interval() -> timedelta:
    return timedelta(seconds=settings.POLL_INTERVAL_SECONDS)

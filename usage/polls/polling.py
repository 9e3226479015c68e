"""What a poll means: which meters are due, who asks them, and what becomes of their answers.

The database alone says what is due. A claim is a lease: a worker that dies gives it back by letting it end.
A message about a lease that is over (late, repeated, or of a dead worker) asks nobody.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from common.guard import guarded
from teams.encryption import SealBroken
from teams.models import KeyLimits, Team
from usage.accounts import succession
from usage.books.batches import bounded, weight
from usage.models import Meter
from usage.models.meter_fields import IDENTITY, SCHEDULE
from usage.polls.adoption import adopt_all, adopt_keys
from usage.polls.asking import Question, Told, ask
from usage.polls.outcomes import PollOutcome, save
from usage.polls.schedule import MODELS_INTERVAL
from usage.quota import limiter

logger = logging.getLogger(__name__)

# Longer than a batch can take: its polls end at their deadlines.
LEASE = timedelta(seconds=120)
BATCH = 300

# What questions and outcomes read: not the state, which is most of a meter, nor what else a key has.
LIMITS = tuple(field.name for field in fields(KeyLimits))
READ_OF_KEY = ("base_url", "ciphertext", "encryption_key_id", "status", "plan", *LIMITS)
READ = (*IDENTITY, *SCHEDULE, "period_end", "watched_until", *(f"key__{name}" for name in READ_OF_KEY))

# What one tick hands out, five seconds before the next: 60,000 meters a minute.
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Claim:
    """Meters that are ours to ask until the lease ends; its end is also its name."""

    meter_ids: tuple[int, ...]
    until: datetime


def claim_due(now: datetime, limit: int = AT_ONCE) -> list[Claim]:
    """Lease the meters that are due, in batches; two callers never get the same meter."""
    until = now + LEASE
    with transaction.atomic():
        due = Meter.objects.due(now).select_for_update(skip_locked=True, of=("self",))
        ids = list(due.values_list("pk", flat=True)[:limit])
        Meter.objects.filter(pk__among=ids).update(lease_until=until)
    return [Claim(batch, until) for batch in batched(ids, BATCH, strict=False)]


def request_poll(team: Team, now: datetime | None = None) -> int:
    """Make all meters of a team due now ("Poll now"); return how many. The caller nudges the workers."""
    now = now or timezone.now()
    adopt_keys(team, now)
    return Meter.objects.for_team(team).pollable().filter(next_poll_at__gt=now).update(next_poll_at=now)


def poll_claimed(claim: Claim, now: datetime | None = None) -> list[PollOutcome]:
    """Ask all claimed meters at once and take in what they told. One no longer ours is passed over."""
    now = now or timezone.now()
    waiting = _begin(claim, now)
    questions = _admitted(waiting, now)
    return _take_in(waiting, ask(questions))


def poll_now(now: datetime | None = None) -> list[PollOutcome]:
    """Poll every key once, in this process."""
    now = now or timezone.now()
    adopt_all(now)
    Meter.objects.pollable().update(next_poll_at=now)
    return [outcome for claim in claim_due(now, limit=1_000_000) for outcome in poll_claimed(claim, now)]


def _begin(claim: Claim, now: datetime) -> dict[int, Meter]:
    """The claimed meters that may still be asked. Their lease begins anew: a message may have waited long."""
    mine = Meter.objects.filter(pk__among=claim.meter_ids, lease_until=claim.until, next_poll_at__lte=now)
    locked = mine.pollable().select_related("key").only(*READ).order_by("pk").select_for_update(of=("self",))
    with transaction.atomic():
        meters = {meter.pk: meter for meter in locked}
        # One microsecond keeps the new lease from having the old one's name.
        until = max(now + LEASE, claim.until + timedelta(microseconds=1))
        Meter.objects.filter(pk__among=meters).update(lease_until=until)
    prefetch_related_objects(list(meters.values()), "team")
    return meters


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
    until = limiter.take_polls({key_id: count for key_id, count in requests.items() if key_id}, now)
    for pk in list(questions):
        key_id = meters[pk].key_id
        if key_id and (blocked := until.get(key_id)):
            del questions[pk]
            Meter.objects.filter(pk=pk).update(next_poll_at=blocked, lease_until=None)
    return list(questions.values())


def _question(meter: Meter, now: datetime) -> Question | None:
    if meter.key is None or meter.key.base_url != meter.base_url:
        return None  # the key moved a moment ago, and gets a meter of its own
    try:
        secret = meter.key.reveal_secret()
    except SealBroken:
        logger.warning("The secret of key %s cannot be opened.", meter.key.pk)
        Meter.objects.filter(pk=meter.pk).update(
            last_error="The stored secret cannot be opened.", next_poll_at=now + LEASE, lease_until=None
        )
        return None
    asked = meter.models_asked_at
    asks_models = asked is None or asked <= now - MODELS_INTERVAL
    return Question(meter.pk, meter.base_url, secret, asks_models, succession.fingerprint(secret))


def _take_in(meters: dict[int, Meter], told: Iterable[Told]) -> list[PollOutcome]:
    outcomes: list[PollOutcome] = []
    for answer in told:
        with guarded("Reading the answer to meter", answer.meter_id):
            outcomes.append(PollOutcome.of(meters[answer.meter_id], answer, _interval()))
    for chunk in bounded(outcomes, lambda outcome: weight(outcome.answer, outcome.meter.watched_until)):
        try:
            save(chunk)
        except Exception:
            # One broken meter must not cost the others their polls: each is tried alone.
            logger.exception("A batch of polls could not be saved.")
            _save_each(chunk)
    return outcomes


def _save_each(outcomes: Iterable[PollOutcome]) -> None:
    for outcome in outcomes:
        with guarded("Saving the poll of meter", outcome.meter.pk):
            save([outcome])


def _interval() -> timedelta:
    return timedelta(seconds=settings.POLL_INTERVAL_SECONDS)

"""What one poll came to: the answer as it is stored, and when and whether its meter is asked again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import transaction

from common.clock import is_ahead
from common.database import bulk
from rax import (
    AnswerError,
    AuthenticationError,
    Kind,
    ModelList,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RaxError,
    UsageAnswer,
)
from usage.accounts import succession
from usage.books import ingest
from usage.books.answers.answer import Answer
from usage.catalogue.answers import take_answer
from usage.ledger.words import microseconds
from usage.models import Meter
from usage.models.meters.fields import SCHEDULE, Schedule
from usage.polls import provider_clock, readings
from usage.polls.asking import Told
from usage.polls.schedule import pacing
from usage.polls.schedule.plans import Asked, Crowds, Plan
from usage.polls.schedule.regular import NO_USAGE_INTERVAL, backoff
from usage.quota import limiter

# What a failed poll says of its key; a server may say it inside a 200 too.
REFUSED = (AuthenticationError, PermissionDeniedError)
NO_ENDPOINT = NotFoundError

UNREADABLE = "The API's answer cannot be read: "


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """A meter (as it was when asked), what it told, and the raw answer to store."""

    meter: Meter
    told: Told
    answer: Answer
    interval: timedelta
    # Which parts of an answer that counts cannot be read, in words.
    unread: str = ""

    @classmethod
    def of(cls, meter: Meter, told: Told, base: timedelta) -> Self:
        """Read what a meter told; `base` is the interval of meters that have none of their own yet."""
        interval = timedelta(seconds=meter.interval_seconds) if meter.interval_seconds else base
        slot = microseconds(meter.next_poll_at)
        answer, unread = readings.read(meter.pk, slot, told, int(interval.total_seconds()))
        return cls(meter, told, answer, interval, unread)

    @classmethod
    def failed(cls, meter: Meter, told: Told, base: timedelta, failure: Exception) -> Self:
        """What is left of a poll whose answer could not be stored as it was read: what came, and why."""
        usage = told.usage
        code = usage.status_code
        error = AnswerError("", kind=Kind.UNEXPECTED_SHAPE, status_code=code, answer=usage.answer)
        outcome = cls.of(meter, replace(told, usage=error, models=None), base)
        reason = f"It could not be stored: {type(failure).__name__}."
        return replace(outcome, answer=replace(outcome.answer, error=reason))

    @property
    def error(self) -> str:
        """Why there are no counters; empty where there are."""
        return f"{UNREADABLE}{self.unusable}" if self.unusable else self.answer.refusal

    @property
    def unusable(self) -> str:
        """Why an answer that came cannot be used; empty where it can, or where none came."""
        return self.answer.refusal if isinstance(self.told.usage, UsageAnswer | AnswerError) else ""

    def line(self) -> str:
        """One line for a terminal."""
        if self.error:
            return f"{self.meter.name}: {self.error}"
        totals = {"tokens": self.answer.total_tokens, "requests": self.answer.total_requests}
        told = ", ".join(
            f"{'–' if total is None else f'{total:,}'} {metric}" for metric, total in totals.items()
        )
        return f"{self.meter.name}: {told}{f'; cannot be read: {self.unread}' if self.unread else ''}"

    def schedule(self, load: pacing.Load | None, base: timedelta, crowds: Crowds) -> Schedule:
        """How the meter stands after this poll; `base` is the interval without a load."""
        samples = provider_clock.samples(self.meter.clock_samples, self.answer)
        offset = provider_clock.usable(provider_clock.difference(samples))
        asked = Asked(self.meter, self.answer, self.told.started_at, self.told.ended_at, offset)
        if self.error:
            return self._failed(self._retry(asked, crowds), load, samples)
        load = load or pacing.Load()
        interval = pacing.interval(base, load)
        return self._answered(asked.plan(interval, crowds), interval, load, samples)

    def _answered(self, plan: Plan, interval: timedelta, load: pacing.Load, samples: list[float]) -> Schedule:
        return Schedule(
            pk=self.meter.pk,
            status=Meter.Status.ACTIVE,
            status_reason="",
            next_poll_at=plan.next_poll_at,
            closing_at=plan.closing_at,
            planned_at=self.told.ended_at,
            failures=0,
            missed_polls=0,
            last_error="",
            failing_since=None,
            answer_error="",
            unread_parts=self.unread,
            untold=self.answer.untold,
            asked_at=self.told.ended_at,
            answered_at=self.told.ended_at,
            models_asked_at=self._models_asked_at(),
            secret_fingerprint=self.told.secret_fingerprint,
            interval_seconds=int(interval.total_seconds()),
            limit_share=load.share,
            runs_out_at=load.runs_out_at,
            clock_samples=samples,
            clock_difference=provider_clock.difference(samples),
        )

    def _failed(self, plan: Plan, load: pacing.Load | None, samples: list[float]) -> Schedule:
        meter = self.meter
        status, reason = self._status()
        return Schedule(
            pk=meter.pk,
            status=status,
            status_reason=reason,
            next_poll_at=plan.next_poll_at,
            closing_at=plan.closing_at,
            planned_at=self.told.ended_at,
            failures=meter.failures + 1,
            missed_polls=self._missed(),
            last_error=self.error[:200],
            failing_since=self._failing_since(),
            # Where no answer came, the one before it is still what the provider said last.
            answer_error=self.unusable[:200] or meter.answer_error,
            unread_parts=meter.unread_parts,
            untold=meter.untold,
            asked_at=self.told.ended_at,
            answered_at=meter.answered_at,
            models_asked_at=self._models_asked_at(),
            secret_fingerprint=meter.secret_fingerprint,
            interval_seconds=meter.interval_seconds,
            limit_share=load.share if load else meter.limit_share,
            runs_out_at=load.runs_out_at if load else meter.runs_out_at,
            clock_samples=samples,
            clock_difference=provider_clock.difference(samples),
        )

    def _failing_since(self) -> datetime:
        # A process of a version before this was written down leaves it, and counts its success all the same.
        before = self.meter.failing_since if self.meter.failures else None
        return before or self.told.ended_at

    def _models_asked_at(self) -> datetime | None:
        return self.meter.models_asked_at if self.told.models is None else self.told.ended_at

    def _status(self) -> tuple[str, str]:
        if isinstance(self.told.usage, REFUSED):
            return Meter.Status.REFUSED, self.error[:200]
        if isinstance(self.told.usage, NO_ENDPOINT):
            return Meter.Status.NO_USAGE, "The server has no usage endpoint."
        return self.meter.status, self.meter.status_reason

    def _retry(self, asked: Asked, crowds: Crowds) -> Plan:
        ended_at, usage = self.told.ended_at, self.told.usage
        if isinstance(usage, NO_ENDPOINT):
            return Plan(ended_at + NO_USAGE_INTERVAL)
        if isinstance(usage, RaxError) and usage.retry_after_seconds is not None:
            return Plan(ended_at + timedelta(seconds=max(usage.retry_after_seconds, 1)))
        return asked.no_later_than(ended_at + backoff(self.meter.failures + 1), crowds)

    def _missed(self) -> int:
        """Regular polls without an answer, this one included where one was due."""
        since = self.meter.answered_at or self.meter.created_at
        if is_ahead(since, self.told.ended_at):
            return self.meter.missed_polls + 1
        return max((self.told.ended_at - since) // self.interval, 0)


@transaction.atomic
def save(outcomes: Sequence[PollOutcome]) -> None:
    """Store outcomes that one transaction can carry: raw answers, ledger, meters, limits and catalogues."""
    outcomes = [_placed(outcome) for outcome in outcomes]
    ingest.store_together([outcome.answer for outcome in outcomes])
    bulk.update(Meter, _schedules(outcomes), SCHEDULE)
    for outcome in outcomes:
        _mark_refused(outcome)
        _take_models(outcome)
    _observe(outcomes)


def _schedules(outcomes: Sequence[PollOutcome]) -> Iterator[Schedule]:
    base = timedelta(seconds=settings.POLL_INTERVAL_SECONDS)
    answered = [outcome.meter for outcome in outcomes if not outcome.error]
    untold = [outcome.meter for outcome in outcomes if isinstance(outcome.told.usage, NO_ENDPOINT)]
    latest = max(outcome.told.ended_at for outcome in outcomes)
    loads = pacing.loads(answered, latest) | pacing.local_loads(untold, latest)
    crowds = Crowds()
    for outcome in outcomes:
        yield outcome.schedule(loads.get(outcome.meter.pk), base, crowds)


def _placed(outcome: PollOutcome) -> PollOutcome:
    """The outcome at the meter of its account: a replaced secret may have brought another one."""
    meter = outcome.meter
    if meter.secret_fingerprint in {"", outcome.told.secret_fingerprint}:
        return outcome
    poll = outcome.answer.poll()
    if poll is None or succession.continues(meter.ledger_state, poll):
        return outcome
    meter = succession.succeed(meter, outcome.told.started_at)
    return replace(outcome, meter=meter, answer=replace(outcome.answer, meter_id=meter.pk))


def _mark_refused(outcome: PollOutcome) -> None:
    if isinstance(outcome.told.usage, REFUSED) and outcome.meter.key:
        outcome.meter.key.mark_refused(outcome.error)


def _take_models(outcome: PollOutcome) -> None:
    meter, models = outcome.meter, outcome.told.models
    if isinstance(models, ModelList) and meter.key:
        take_answer(meter.team, meter.key, models, outcome.told.ended_at)


def _observe(outcomes: Sequence[PollOutcome]) -> None:
    samples, until = [], {}
    for outcome in outcomes:
        usage, key_id = outcome.told.usage, outcome.meter.key_id
        if key_id and usage.limits:
            samples.append((key_id, usage.limits, "poll"))
            if isinstance(usage, RateLimitError) and usage.retry_after_seconds:
                wait = timedelta(seconds=usage.retry_after_seconds)
                until[key_id] = outcome.told.ended_at + wait
    limiter.observe_many(samples)
    limiter.block(until)

"""What was told, read for the books: counters, or the reason why there are none, in words for people."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from rax import AnswerError, Kind, Limits, RaxError, Reason, Unreadable, UsageAnswer
from usage.books.answers.answer import Answer
from usage.books.answers.breakdown import Counts, bounded, is_reserved
from usage.ledger.adding import LARGEST
from usage.polls.asking import Told

LIMITS = tuple(field.name for field in fields(Limits))

# The reasons of answers that came and are no usage, by the kind of the error.
REASONS = {
    Kind.NOT_HTTP: "It is not HTTP.",
    Kind.TOO_LARGE: "It is larger than raxdash accepts.",
    Kind.ENCODED: "Its compression cannot be read.",
    Kind.NOT_JSON: "It is not JSON.",
    Kind.UNEXPECTED_SHAPE: "It is not an object of usage counters.",
}

TOTALS = frozenset({"total_tokens", "total_requests"})

# So many parts of one answer are named, and so many characters told of them.
MOST_NAMED = 5
NAMED_CHARS = 500

# What a field of the answer is called; the names of models stand apart from the words around them.
WORDS = {
    "total_tokens": "the total of tokens",
    "total_requests": "the total of requests",
    "period_start": "the start of the billing period",
    "period_end": "the end of the billing period",
    "breakdown": "the usage by model",
    "total_cost": "the cost",
    "currency": "the currency of the cost",
}
NAME = "“\u2068{}\u2069”"


def read(meter_id: int, slot: int, told: Told, interval_seconds: int) -> tuple[Answer, str]:
    """Return the answer to store, and in words which parts of it cannot be read though the others count."""
    usage = told.usage
    if isinstance(usage, RaxError):
        return _failure(meter_id, slot, told, usage, interval_seconds), ""
    unreadable = list(usage.unreadable)
    models = _models(usage, unreadable)
    answer = Answer(
        meter_id,
        slot,
        usage.started_at,
        usage.ended_at,
        interval_seconds,
        usage.status_code,
        error=_why_useless(unreadable),
        period_start=usage.period_start,
        period_end=usage.period_end,
        total_tokens=usage.total_tokens,
        total_requests=usage.total_requests,
        breakdown=bounded(models),
        limits=_known(usage),
        cost=usage.cost,
        currency=usage.currency,
        received=usage.answer,
    )
    return answer, "" if answer.refusal else in_words(unreadable)


def _failure(meter_id: int, slot: int, told: Told, error: RaxError, interval_seconds: int) -> Answer:
    received = error.answer
    return Answer(
        meter_id,
        slot,
        told.started_at,
        told.ended_at,
        interval_seconds,
        received.status_code if received else error.status_code,
        error=_why_no_answer(error),
        received=received,
    )


def _why_no_answer(error: RaxError) -> str:
    """The reason in words of its own where an answer came; else what the API or the network said."""
    if not isinstance(error, AnswerError):
        return str(error)
    if error.__cause__ is not None:
        return f"It could not be read: {type(error.__cause__).__name__}."
    body = error.answer.body.strip() if error.answer else b""
    if error.kind == Kind.NOT_JSON and not body:
        return "It is empty."
    if error.kind == Kind.NOT_JSON and (error.is_page or body.startswith(b"<")):
        return "It is a page of HTML, not JSON."
    return REASONS.get(error.kind, str(error))


def _why_useless(unreadable: Iterable[Unreadable]) -> str:
    """Why nothing of an answer is counted because of what cannot be read; empty where something may be."""
    totals = [part for part in unreadable if part.field in TOTALS]
    if any(part.reason == Reason.BELOW_ZERO for part in totals):
        return "It counts below zero."
    decisive = totals if len(totals) == len(TOTALS) else []
    decisive += [part for part in unreadable if part.field == "period_start"]
    return f"It cannot be counted without {in_words(decisive)}." if decisive else ""


def _models(usage: UsageAnswer, unreadable: list[Unreadable]) -> dict[str, Counts]:
    """The models that can be counted; what else is told as one is noted as unreadable."""
    found: dict[str, Counts] = {}
    for name, counts in usage.breakdown.items():
        if is_reserved(name):
            unreadable.append(Unreadable("name", name, "a name that raxdash keeps for itself"))
            continue
        if too_large := [field for field, count in counts._asdict().items() if (count or 0) > LARGEST]:
            unreadable += (Unreadable(field, name, Reason.TOO_LARGE) for field in too_large)
            counts = counts._replace(**dict.fromkeys(too_large))
        if counts.tokens is not None or counts.requests is not None:
            found[name] = counts.tokens, counts.requests
    return found


def in_words(unreadable: Iterable[Unreadable]) -> str:
    """Name parts that cannot be read, each with its reason."""
    told = [_part(part) for part in unreadable if not part.field.startswith("daily_breakdown")]
    named = told[:MOST_NAMED]
    if len(told) > MOST_NAMED:
        named.append(f"and {len(told) - MOST_NAMED:,} more")
    return ", ".join(named)[:NAMED_CHARS]


def _part(part: Unreadable) -> str:
    if part.model is None:
        return f"{WORDS.get(part.field, part.field)} ({part.reason})"
    name = NAME.format(part.model)
    if part.field == "name":
        return "a model without a name" if part.reason == Reason.EMPTY else f"the name {name} ({part.reason})"
    what = name if part.field == "breakdown" else f"the {part.field} of {name}"
    return f"{what} ({part.reason})"


def _known(usage: UsageAnswer) -> dict[str, Any]:
    """The rate-limit headers that came, with instants as text."""
    limits = ((name, getattr(usage.limits, name)) for name in LIMITS)
    said = {name: value for name, value in limits if value is not None}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}

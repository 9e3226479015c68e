"""Ask many providers at once, each within a total deadline, over one event loop and kept connections."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils import timezone

from rax import AnswerError, Client, Connections, Kind, ModelList, RaxError, Timeouts, UsageAnswer
from teams.upstream import ask_upstream

logger = logging.getLogger(__name__)

# A poll that takes longer is a missed poll: the next one is minutes away.
TIMEOUTS = Timeouts(connect_seconds=5, get_seconds=10)

# Polls of one batch that one host sees at a time. Waiting for one's turn is no part of a poll's deadline.
PER_HOST = 64


@dataclass(frozen=True, slots=True)
class Question:
    """One key to ask; its secret never leaves this object's user."""

    meter_id: int
    base_url: str
    secret: str
    asks_models: bool
    secret_fingerprint: str = ""

    def __repr__(self) -> str:
        return f"Question(meter_id={self.meter_id})"


@dataclass(frozen=True, slots=True)
class Told:
    """What one key told: counters, and the catalogue where it was asked for. Times are aware UTC."""

    meter_id: int
    started_at: datetime
    ended_at: datetime
    usage: UsageAnswer | RaxError
    models: ModelList | RaxError | None = None
    secret_fingerprint: str = ""


def ask(questions: Sequence[Question]) -> list[Told]:
    """Ask all, and return what each told, in the order of the questions. Blocks this thread."""
    return ask_upstream(lambda connections: _ask(questions, connections))


async def _ask(questions: Sequence[Question], connections: Connections) -> list[Told]:
    told: dict[int, Told] = {}

    async def ask_in_turn(waiting: Iterator[Question]) -> None:
        for question in waiting:
            told[question.meter_id] = await _ask_one(question, connections)

    # A few that ask in turn cost less than a task and a turn to wait for with each question.
    queues = [(iter(asked), min(len(asked), PER_HOST)) for asked in _by_host(questions).values()]
    await asyncio.gather(*(ask_in_turn(waiting) for waiting, at_once in queues for _ in range(at_once)))
    return [told[question.meter_id] for question in questions]


def _by_host(questions: Iterable[Question]) -> dict[str, list[Question]]:
    hosts: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        hosts[urlsplit(question.base_url).netloc].append(question)
    return hosts


async def _ask_one(question: Question, connections: Connections) -> Told:
    started_at = timezone.now()
    try:
        return await _told(question, connections, started_at)
    except Exception:
        # An answer that nobody foresaw must not cost the others of the batch, other teams', their polls.
        logger.exception("What meter %s told could not be read.", question.meter_id)
        error = AnswerError("The answer could not be read.", kind=Kind.UNEXPECTED_SHAPE)
        return Told(question.meter_id, started_at, timezone.now(), error)


async def _told(question: Question, connections: Connections, started_at: datetime) -> Told:
    models: ModelList | RaxError | None = None
    try:
        client = Client(
            question.secret,
            base_url=question.base_url,
            connections=connections,
            timeouts=TIMEOUTS,
            get_retries=0,
        )
        usage: UsageAnswer | RaxError = await client.usage()
    except RaxError as error:
        usage = error
        if error.__cause__ is not None:
            logger.exception("What meter %s told could not be read.", question.meter_id)
    ended_at = timezone.now()
    if question.asks_models and not _is_refused(usage):
        try:
            models = await client.models()
        except RaxError as error:
            models = error
    return Told(question.meter_id, started_at, ended_at, usage, models, question.secret_fingerprint)


def _is_refused(usage: UsageAnswer | RaxError) -> bool:
    """Nothing more is asked with a key that is refused, malformed, or whose server is not there."""
    return isinstance(usage, RaxError) and usage.status_code not in {404, 405, 410}

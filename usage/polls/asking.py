"""Ask many providers at once, each within a total deadline, over one event loop and kept connections.

What they tell comes in groups, as it comes: nobody waits for the slowest. A host that answers nobody, or
slowly, is not asked by all of a batch.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, zip_longest
from queue import Empty, SimpleQueue

from django.utils import timezone

from rax import (
    AddressRefusedError,
    AnswerError,
    Client,
    Connections,
    Kind,
    ModelList,
    NotFoundError,
    RaxError,
    ServerError,
    Timeouts,
    TransportError,
    UsageAnswer,
)
from teams.upstream import begin_to_ask
from usage.books.answers.batches import limit
from usage.models.hosts import host_of

logger = logging.getLogger(__name__)

# A poll that takes longer is a missed poll: the next one is minutes away.
TIMEOUTS = Timeouts(connect_seconds=5, get_seconds=10)

# Polls of one batch that one host sees at a time. Waiting for one's turn is no part of a poll's deadline.
PER_HOST = 64

# After so many keys without an answer, and none with one, the others are not asked.
ENOUGH = 8
# How long after the first question of a batch the last one begins.
BEGIN_SECONDS = 10.0

# What is told within so long is stored together; and after so long somebody looks who is still waited for.
MOMENT_SECONDS, LOOK_SECONDS = 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Question:
    """One key to ask; its secret never leaves this object's user."""

    meter_id: int
    base_url: str
    secret: str
    asks_models: bool
    secret_fingerprint: str = ""
    team_id: int = 0

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

    @property
    def is_silent(self) -> bool:
        """Whether the host gave no answer, or none that would be about the key: no end of it, or 5xx."""
        if isinstance(self.usage, AnswerError):
            return self.usage.kind == Kind.TOO_LARGE
        # What is refused here says nothing of the host.
        is_refused = isinstance(self.usage, AddressRefusedError)
        return isinstance(self.usage, TransportError | ServerError) and not is_refused

    @property
    def is_answered(self) -> bool:
        """Whether the host said something, be it no."""
        usage = self.usage
        came = not isinstance(usage, RaxError) or bool(usage.status_code or usage.answer)
        return came and not self.is_silent


class Asking:
    """What is told, in `moments` as it comes, or at the end in the order of the questions.

    Keys of a host that answers nobody may not be asked, nor those whose turn comes too late: of these
    nothing is told.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = questions

    def __iter__(self) -> Iterator[Told]:
        told = {each.meter_id: each for each in chain.from_iterable(self.moments())}
        return (told[question.meter_id] for question in self._questions if question.meter_id in told)

    def moments(self) -> Iterator[list[Told]]:
        """Ask, and yield what is told in a moment; none after a while without one. Blocks this thread."""
        told: SimpleQueue[Told | None] = SimpleQueue()
        asking = begin_to_ask(lambda connections: _ask(self._questions, connections, told.put))
        asking.add_done_callback(lambda _: told.put(None))
        try:
            is_over = False
            while not is_over:
                group, is_over = _moment(told)
                yield group
            asking.result()
        finally:
            asking.cancel()


def ask(questions: Sequence[Question]) -> Asking:
    """Return what these questions come to; they are asked by whoever listens."""
    return Asking(questions)


def _moment(told: "SimpleQueue[Told | None]") -> tuple[list[Told], bool]:
    """What is told in a moment, and whether that was all."""
    group: list[Told] = []
    end = time.monotonic() + LOOK_SECONDS
    while len(group) < limit():
        try:
            each = told.get(timeout=max(end - time.monotonic(), 0))
        except Empty:
            break
        if each is None:
            return group, True
        if not group:
            end = time.monotonic() + MOMENT_SECONDS
        group.append(each)
    return group, False


@dataclass
class _Line:
    """The questions of one host, asked in turn until it shows that it answers nobody, or it is late."""

    waiting: Iterator[Question]
    at_once: int
    begun_until: float = field(default_factory=lambda: time.monotonic() + BEGIN_SECONDS)
    answered: bool = False
    silent: int = 0

    def __iter__(self) -> Iterator[Question]:
        for question in self.waiting:
            if self.is_given_up() or time.monotonic() > self.begun_until:
                return
            yield question

    def is_given_up(self) -> bool:
        """Tell whether no key had an answer, of enough."""
        return not self.answered and self.silent >= ENOUGH

    def hear(self, told: Told) -> None:
        """Count an answer, or none."""
        self.answered |= told.is_answered
        self.silent += told.is_silent


async def _ask(questions: Sequence[Question], connections: Connections, tell: Callable[[Told], None]) -> None:
    async def ask_in_turn(line: _Line) -> None:
        for question in line:
            told = await _ask_one(question, connections)
            line.hear(told)
            tell(told)

    # A few that ask in turn cost less than a task and a turn to wait for with each question.
    lines = [_Line(iter(_in_turns(asked)), min(len(asked), PER_HOST)) for asked in _by_host(questions)]
    await asyncio.gather(*(ask_in_turn(line) for line in lines for _ in range(line.at_once)))


def _by_host(questions: Iterable[Question]) -> Iterable[list[Question]]:
    hosts: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        hosts[host_of(question.base_url)].append(question)
    return hosts.values()


def _in_turns(questions: Iterable[Question]) -> Iterator[Question]:
    """Questions of different teams and addresses one after the other: odd ones say nothing of the host."""
    groups: dict[tuple[int, str], list[Question]] = defaultdict(list)
    for question in questions:
        groups[question.team_id, question.base_url].append(question)
    return (each for turn in zip_longest(*groups.values()) for each in turn if each)


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
    return isinstance(usage, RaxError) and not isinstance(usage, NotFoundError)

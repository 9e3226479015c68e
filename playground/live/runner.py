"""Carry out runs: one task of the web process's event loop per run, whoever is watching.

The task asks the API and appends what arrives to the run's log. It ends in one place, `_finish`, which
stores the outcome unless the run has already ended some other way.
"""

import asyncio
import contextvars
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from uuid import UUID

from django.utils import timezone

from common import tracing
from playground.live.ends import Ends, store_end
from playground.live.intake import Intake, whole
from playground.live.log.frames import LONG_SECONDS, Frames, Pace, seconds_of
from playground.live.log.said import LONGEST_TEXT, Part, Said, milliseconds
from playground.live.log.storable import storable_text
from playground.live.outcome import outcomes
from playground.live.outcome.estimates import estimated
from playground.live.outcome.orders import Order
from playground.live.outcome.outcomes import ErrorDetails, RunOutcome, Times, ended_by_us
from playground.live.outcome.tokens import Tokens, reported
from playground.live.process_log import log
from playground.live.progress import Progress
from playground.live.signs import Signs
from playground.models import ROW_CHARS, RunState, StopCause
from playground.requests import KeptRequest
from rax import ChatAnswer, ChatStream, Chunk, Client, Connections, RaxError, Recorder, asks_for_usage
from teams.encryption import SealBroken
from teams.error_words import Remedy

logger = logging.getLogger(__name__)

TOO_LONG = ended_by_us(
    RunState.ENDED_EARLY,
    StopCause.TOO_LONG,
    f"The answer was ended: it had grown to {LONGEST_TEXT:,} characters.",
)
# An end that is not stored after so long is told to the readers.
UNSAVED_SECONDS = 1.0
SEAL_BROKEN = ErrorDetails(
    "seal_broken",
    "The key's secret can no longer be opened here. Somebody must type it again.",
    remedy=Remedy.SECRET,
)
OUR_FAULT = ErrorDetails("internal", "Something went wrong inside raxdash. It is logged with the run's id.")
# There is more behind a read that brought so much: a run that waited then would fall behind a fast model.
FULL_READ_BYTES = 8 * 1024


class NotStarted(RuntimeError):
    """Nothing is carried out here: the runner was not started, or has let go of its connections."""


class LiveRun:
    """A run while it goes on in this process."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.id = order.run_id
        self.task: asyncio.Task[None] | None = None
        self.is_sent = False
        self.signs = Signs(self.id)
        self.intake = Intake(self.id)
        self._recorder = Recorder()
        self._ending: RunOutcome | None = None
        # Whether all has come that will; what is left is to store it.
        self.is_over = False
        self._sent_at: float | None = None
        # What the API tells, a stream while it does.
        self._told: ChatStream | ChatAnswer | None = None

    @property
    def said(self) -> Said:
        """All that has arrived."""
        return self.intake.said

    def progress(self, saved: Mapping[Part, int]) -> Progress:
        """Return what is to be saved of the run now, of which so many characters of each part are."""
        request_id = storable_text((self._told and self._told.request_id) or "")
        tokens = reported(self._told.usage) if self._told else None
        if sum(saved.values()) < ROW_CHARS:
            return Progress(self.id, **self.said.texts(), request_id=request_id, tokens=tokens)
        return Progress(
            self.id, **self.said.texts_since(saved), request_id=request_id, tokens=tokens, begins=saved
        )

    def begin_clocks(self) -> None:
        """Start the clocks: the request goes out now."""
        self.is_sent, self._sent_at = True, monotonic()

    async def take(self, chunks: Sequence[Chunk]) -> bool:
        """Take what has arrived, and tell whether that was anything to show."""
        is_news = await self.intake.take(chunks)
        if self.said.is_full:
            self.end(TOO_LONG)
        return is_news

    def end(self, outcome: RunOutcome) -> None:
        """Close the upstream request now and end the run like this, unless it is ending already."""
        if self.is_over or self._ending or self.task is None:
            return
        self._ending = outcome
        self.task.cancel()

    async def carry_out(self, connections: Connections, pace: Pace) -> None:
        """Ask the API, whatever comes of it; then store how it ended and tell the readers."""
        tracing.run_id.set(str(self.id))
        try:
            outcome = await self._ask(connections, pace)
        except asyncio.CancelledError:
            outcome = self._ending or RunOutcome(RunState.INTERRUPTED)
        except RaxError as error:
            outcome = outcomes.from_error(error, has_text=bool(self.said.chars))
        except SealBroken:
            outcome = RunOutcome(RunState.FAILED, error=SEAL_BROKEN)
        except Exception:
            logger.exception("Run %s failed inside raxdash", self.id)
            outcome = RunOutcome(RunState.FAILED, error=OUR_FAULT)
        self.is_over = True
        await self._finish(outcome)

    async def _ask(self, connections: Connections, pace: Pace) -> RunOutcome:
        order = self.order
        client = Client(
            order.secret(),
            base_url=order.base_url,
            connections=connections,
            timeouts=order.timeouts,
            get_retries=0,
            recorder=self._recorder,
        )
        sent = {name: value for name, value in order.parameters.items() if name != "stream"}
        messages = [message.as_sent() for message in order.messages]
        self.begin_clocks()
        await self.signs.begin()
        if not order.parameters.get("stream"):
            self._told = answer = await client.chat(model=order.model, messages=messages, **sent)
            await self.take([whole(answer)])
            return outcomes.from_end(answer)
        self._told = stream = client.chat_stream(model=order.model, messages=messages, **sent)
        async with stream:
            async for batch in stream.batches():
                if not batch:
                    await self.signs.hear()
                # The first piece is shown at once; what comes after it waits for its frame.
                if await self.take(batch) and stream.last_read_bytes < FULL_READ_BYTES:
                    await pace.next(len(batch), stream.hold_until)
        return outcomes.from_end(stream)

    async def _finish(self, outcome: RunOutcome) -> None:
        await self.intake.end(self._told)
        if self._told:
            outcome = outcomes.with_what_was_told(outcome, self._told)
        outcome = replace(outcome, **self.said.texts())
        outcome = replace(
            outcome,
            tokens=outcome.tokens or self._estimate(outcome),
            times=self._times(),
            request=self._corrected_request(),
            recording=self._recorder.finish(),
            finished_at=timezone.now(),
        )
        storing = asyncio.ensure_future(ends.store(self.id, partial(store_end, self.order, outcome)))
        done, _ = await asyncio.wait([storing], timeout=UNSAVED_SECONDS)
        if not done:
            await log.finish(self.id)
        await storing
        logger.info("A run ended: %s.", outcome.state.label.lower(), extra={"model": self.order.model})
        await log.end(self.id)

    def _estimate(self, outcome: RunOutcome) -> Tokens | None:
        """Return roughly what was spent, where the API does not say.

        A prompt that was sent may be billed before its first token; one that the API refused is not.
        """
        if self.is_sent and (self.said.chars or outcome.is_spent):
            return estimated([message.content for message in self.order.messages], outcome.written)
        return None

    def _corrected_request(self) -> KeptRequest | None:
        """Return the request that was sent in the end, where it is another than the row says."""
        payload = self._told.payload if isinstance(self._told, ChatStream) else None
        if payload is None or ("stream_options" in payload) == asks_for_usage(self.order.base_url):
            return None
        return KeptRequest.of(payload, self.order.messages)

    def _times(self) -> Times | None:
        """Return how long it took since the request went out."""
        if self._sent_at is None:
            return None
        duration_ms = milliseconds(monotonic() - self._sent_at)
        if self.said.first_at is None or not self.order.parameters.get("stream"):
            return Times(duration_ms)
        first_token_ms = milliseconds(self.said.first_at - self._sent_at)
        return Times(duration_ms, first_token_ms, self.said.reasoning_ms, self.said.writing_ms)


class Runner:
    """The live runs of this process, and those being written. asyncio itself keeps only weak references."""

    def __init__(self) -> None:
        self.live: dict[UUID, LiveRun] = {}
        self.starts: set[Future[None]] = set()
        self.connections: Connections | None = None
        self.takes_runs = False

    def open(self, connections: Connections) -> None:
        """Take runs, and carry them out over these connections."""
        self.connections, self.takes_runs = connections, True
        self._frames = Frames(lambda: seconds_of(len(self.live)))
        self._long_frames = Frames(lambda: LONG_SECONDS)
        ends.open()

    def close(self) -> None:
        """Take no new runs; the live ones go on, and ends that wait are stored as soon as they can be."""
        self.takes_runs = False
        ends.hurry()

    async def aclose(self) -> None:
        """Let go of the connections; nothing is carried out any more."""
        connections, self.connections = self.connections, None
        if connections:
            await connections.aclose()

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Have who stops this process wait, as for live runs, for what is written and launched in this block.

        It may stand in any thread. Whether runs are taken is to be asked within it.
        """
        start: Future[None] = Future()
        self.starts.add(start)
        try:
            yield
        finally:
            self.starts.discard(start)
            start.set_result(None)

    async def launch(self, order: Order) -> LiveRun:
        """Begin to carry out an order; its row is written already."""
        if self.connections is None:
            raise NotStarted("The runner is not started: is this process without the server's lifespan?")
        live = LiveRun(order)
        await log.open(live.id)
        # A context of its own: the request's would bind the run to the request's thread and connection.
        live.task = asyncio.get_running_loop().create_task(
            live.carry_out(self.connections, self._pace()),
            name=f"run {live.id}",
            context=contextvars.Context(),
        )
        self.live[live.id] = live
        live.task.add_done_callback(lambda _: self.live.pop(live.id, None))
        return live

    def _pace(self) -> Pace:
        """Return the pace of a run that begins."""
        return Pace(self._frames, self._long_frames, lambda: len(self.live))

    def asks_for_usage(self, base_url: str) -> bool:
        """Tell whether the next stream of this server is asked for its tokens: one that refused is not."""
        takes = self.connections.takes_include_usage(base_url) if self.connections else None
        return asks_for_usage(base_url) and takes is not False

    def end(self, run_id: UUID, outcome: RunOutcome) -> bool:
        """End a run of this process like this, and tell whether it is one."""
        live = self.live.get(run_id)
        if live:
            live.end(outcome)
        return live is not None

    def end_all(self, outcome: RunOutcome) -> None:
        """End every live run like this; `wait` tells when their ends are stored."""
        for live in list(self.live.values()):
            live.end(outcome)

    async def wait(self, timeout_seconds: float) -> None:
        """Wait until no run is live, or about to be, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                # Again and again: what was being written when they were closed is a live run a little later.
                while waited_for := [
                    *map(asyncio.wrap_future, list(self.starts)),
                    *(live.task for live in self.live.values() if live.task),
                ]:
                    await asyncio.wait(waited_for)


ends = Ends()
runner = Runner()

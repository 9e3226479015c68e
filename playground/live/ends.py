"""The ends of this process's runs, until they are stored: a database that fails for a while loses none."""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from playground.live.outcome.orders import Order
from playground.live.outcome.outcomes import RunOutcome, correct, store
from playground.live.outcome.raw_lines import put as put_raw_lines
from playground.live.outcome.spending import Spender
from playground.live.storage import in_database
from playground.models import Continuation, Run, RunQuerySet
from playground.search import index

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 4.0
HURRIED_PAUSE_SECONDS = 0.2
# What a database says of values that it does not take; anything else it may take a moment later.
NOT_AS_IT_IS = (DataError, IntegrityError, ValueError, TypeError, OverflowError)


class Ends:
    """Stores ends, one at a time, each as often as it takes; one that fails lets the others go before.

    `waiting` are the runs whose end was refused so far.
    """

    def __init__(self, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._pause_seconds = pause_seconds
        self.waiting: set[UUID] = set()
        self.open()

    def open(self) -> None:
        """Begin: there is time."""
        self._one, self._is_hurried = asyncio.Lock(), False

    def hurry(self) -> None:
        """Try what waits at once, and ever so often: this process is being stopped."""
        self._is_hurried = True

    async def store(self, run_id: UUID, store: Callable[[], None]) -> None:
        """Return when `store`, carried out where the database can be asked, has stored the end of a run."""
        pause, is_late = self._pause_seconds, False
        while error := await self._try(store):
            if not is_late:
                logger.warning("Run %s: its end waits to be stored: %s", run_id, type(error).__name__)
            is_late = True
            self.waiting.add(run_id)
            await self._pause(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        if is_late:
            self.waiting.discard(run_id)
            logger.info("Run %s: its end is stored now", run_id)

    async def _pause(self, seconds: float) -> None:
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0:
            await asyncio.sleep(min(left, HURRIED_PAUSE_SECONDS))
            if self._is_hurried:
                return

    async def _try(self, store: Callable[[], None]) -> Exception | None:
        async with self._one:
            try:
                await in_database(store)
            except Exception as error:
                return error
        return None


def store_end(order: Order, outcome: RunOutcome) -> None:
    """End the run's row and write what it spent, unless it has ended some other way; free its limits.

    May be repeated. What the database refuses of an outcome, for whatever reason, is left out.
    """
    spender, problem = order.spending.spender, None
    for version in outcome.versions():
        try:
            store_version(order, version, spender)
            order.spending.observe(version)
        except NOT_AS_IT_IS as error:
            logger.warning("Run %s: its end is stored with less: %s", order.run_id, type(error).__name__)
            problem, spender = error, spender.of_what_is_there()
        else:
            return
    raise RuntimeError(f"The end of run {order.run_id} can be stored in no version") from problem


def store_version(order: Order, outcome: RunOutcome, spender: Spender) -> None:
    """Store one version of an end, all of it or nothing."""
    run = Run.objects.filter(pk=order.run_id)
    with transaction.atomic():
        if store(run, outcome):
            spender.record(outcome)
            keep(run, outcome)
            forget_continuations(order.run_id)
        elif correct(run, outcome):
            spender.record(outcome, corrects=True)
            keep(run, outcome)
        order.spending.settle()


def forget_continuations(run_id: UUID) -> None:
    """Let go of what stood beside a run's row while it went on: the row holds all of its text now."""
    Continuation.objects.filter(run=run_id).delete()


def keep(run: RunQuerySet, outcome: RunOutcome) -> None:
    """Keep what a run is found by, and what came for it."""
    index.put(run)
    put_raw_lines(run, outcome)

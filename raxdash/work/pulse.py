"""The lane of tick and heartbeat: a thread of its own in each worker, whatever its pool is busy with.

Each worker says itself that it lives and hands out what is due. Neither takes a place of the pool nor a
message of the broker: a pool full of slow providers or long jobs delays neither, and two workers' ticks hand
out each meter once. It goes by a clock that nobody sets.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import bootsteps
from django.db import DatabaseError, connections
from django.utils import timezone

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
TICK_SECONDS = 5.0
SCHEMA_SECONDS = 10.0
# After a tick that left something to the next one.
SOON_SECONDS = 0.5
STOP_SECONDS = 5.0
FORK_SECONDS = 10.0

# Held during a beat: a pool's child is forked between beats, so that it inherits no open connection and no
# lock that nobody would ever release.
_beating = threading.Lock()


class Pulse(bootsteps.StartStopStep):
    """Start the thread with the worker, and stop it before the pool."""

    # Beat is a process that is forked at its start, with all that this thread has open by then; and SQLite
    # takes no lock rightly on a file that was open before the fork.
    requires = ("celery.worker.components:Pool", "celery.worker.components:Beat")

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, worker: Any) -> None:
        """Begin to beat; the worker's concurrency says how much of it may be handed out."""
        places = worker.concurrency
        self._thread = threading.Thread(target=run, args=(places, self._over), name="pulse", daemon=True)
        self._thread.start()

    def stop(self, worker: Any) -> None:
        """Let the beat that is under way end."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    terminate = stop


def run(places: int, over: threading.Event) -> None:
    """Beat until it is over."""
    from raxdash.models import Heartbeat
    from raxdash.tasks import say_alive
    from raxdash.work import schema_watch
    from usage.polls.tasks import hand_out

    heartbeat = Beat(lambda: say_alive(places), HEARTBEAT_SECONDS)
    tick = Beat(lambda: hand_out(max(Heartbeat.objects.places(timezone.now()), places)), TICK_SECONDS)
    # First of all: what is due is not for a worker that is older than its database.
    beats = Beat(schema_watch.look, SCHEMA_SECONDS), heartbeat, tick
    while not over.wait(max(min(beat.at for beat in beats) - time.monotonic(), 0)):
        for beat in beats:
            beat.go_on()


class Beat:
    """Something that is done again and again; soon again where it says that something is left to do."""

    def __init__(self, do: Callable[[], object], seconds: float) -> None:
        self._do, self._seconds = do, seconds
        self.at = time.monotonic()

    def go_on(self) -> None:
        """Do it if it is time; a failure is logged and costs this beat alone."""
        if time.monotonic() < self.at:
            return
        is_left = False
        with _beating:
            try:
                is_left = bool(self._do())
            except DatabaseError as error:
                logger.warning("The database did not take a beat: %s", type(error).__name__)
            except Exception:
                logger.exception("A beat failed; the next one follows.")
            finally:
                connections.close_all()
        self.at = time.monotonic() + (SOON_SECONDS if is_left else self._seconds)


class _Forking:
    """Forks wait for the end of a beat, for so long that they need not wait for a database that hangs."""

    held = False

    @classmethod
    def begin(cls) -> None:
        cls.held = _beating.acquire(timeout=FORK_SECONDS)

    @classmethod
    def end(cls) -> None:
        if cls.held:
            _beating.release()


os.register_at_fork(before=_Forking.begin, after_in_parent=_Forking.end, after_in_child=_Forking.end)

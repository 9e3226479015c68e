"""Save all live runs of this process: one transaction a second, whatever their number.

It writes their texts, renews their leases and learns whether somebody asked them to stop; every few turns
it checks that their authors may still spend on their keys, and ends the runs that other processes lost.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import Error, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.guard import guarded
from playground.live.ends import NOT_AS_IT_IS
from playground.live.log.said import SAVED_PARTS, Part
from playground.live.outcome.outcomes import RunOutcome, ended_by_us
from playground.live.outcome.spending import unspend
from playground.live.process_log import log
from playground.live.progress import Progress
from playground.live.reaper import reap
from playground.live.runner import LiveRun, Runner
from playground.live.storage import OWNER, in_database
from playground.models import LEASE, Run, RunState, StopCause
from teams.acts import TeamAct
from teams.models import Key, Membership

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
TURNS_PER_CHECK = 3
TURNS_PER_REAPING = 5
NOT_ALLOWED = ended_by_us(
    RunState.STOPPED,
    StopCause.PERMISSION_LOST,
    "Stopped: its author may no longer use this key or this team.",
)
NOTHING = dict.fromkeys(SAVED_PARTS, 0)

type Check = Callable[[], Awaitable[None]]


class Saved(NamedTuple):
    """What the database says of this process's runs: those still live, those asked to stop, and those of
    which it has not taken what was to be saved now."""

    live: set[UUID]
    stopping: set[UUID]
    missed: frozenset[UUID] = frozenset()


class Kept(NamedTuple):
    """How much of a run is saved: its characters, those of tools included, and those of each part."""

    chars: int = -1
    sizes: Mapping[Part, int] = NOTHING


NOTHING_KEPT = Kept()


async def nobody() -> None:
    """Check nobody."""


class Saver:
    """Saves the runs of one runner until it is cancelled.

    `check_readers` is called as often as permissions are checked: who reads may lose the right to.
    """

    def __init__(self, runner: Runner, check_readers: Check = nobody) -> None:
        self._runner = runner
        self._check_readers = check_readers
        self._kept: dict[UUID, Kept] = {}
        self._turn = 0
        # What is done in which turns: every, every third, …
        self._turns: dict[Check, int] = {
            self._save_live: 1,
            self._check_permissions: TURNS_PER_CHECK,
            self._forget_erased: TURNS_PER_CHECK,
            self._reap: TURNS_PER_REAPING,
        }
        self._due: set[Check] = set()

    async def keep_saving(self) -> None:
        """Save once a second; a database that is away is tried again."""
        while True:
            try:
                await self.save()
            except Error as error:
                logger.warning("Live runs could not be saved: %s", type(error).__name__)
            except Exception:
                logger.exception("Live runs could not be saved; it is tried again.")
            await asyncio.sleep(PAUSE_SECONDS)

    async def save(self) -> None:
        """Carry out one turn. What fails does not keep the rest from it, and is due again in the next."""
        self._due |= {part for part, turns in self._turns.items() if self._turn % turns == 0}
        self._turn += 1
        problems = []
        for part in [part for part in self._turns if part in self._due]:
            try:
                await part()
                self._due.discard(part)
            except Exception as problem:
                problems.append(problem)
        if problems:
            raise problems[0]

    async def _save_live(self) -> None:
        live = dict(self._runner.live)
        if not live:
            return
        changed = {run_id: run for run_id, run in live.items() if self._has_news(run)}
        news = [run.progress(self._kept_of(run_id).sizes) for run_id, run in changed.items()]
        kept = self._kept | {run_id: Kept(run.said.chars, run.said.sizes) for run_id, run in changed.items()}
        saved = await in_database(lambda: save_what_fits(news, timezone.now(), live))
        self._kept = {run_id: one for run_id, one in kept.items() if run_id in live.keys() - saved.missed}
        self._obey(live, saved)

    def _kept_of(self, run_id: UUID) -> Kept:
        return self._kept.get(run_id, NOTHING_KEPT)

    def _has_news(self, run: LiveRun) -> bool:
        return run.is_sent and self._kept_of(run.id).chars != run.said.chars

    async def _forget_erased(self) -> None:
        """Let go of words that were erased where nobody could tell this process: Redis is away, or none."""
        if run_ids := log.run_ids():
            log.forget(await in_database(lambda: erased_of(run_ids)))

    async def _reap(self) -> None:
        await in_database(lambda: reap(Run.objects.all(), timezone.now()))

    def _obey(self, live: dict[UUID, LiveRun], saved: Saved) -> None:
        for run_id, run in live.items():
            if run_id in saved.stopping:
                run.end(RunOutcome(RunState.STOPPED))
            elif run_id not in saved.live:
                # Somebody else ended its row (a lease that ran out): nobody may be billed for more.
                run.end(RunOutcome(RunState.INTERRUPTED))

    async def _check_permissions(self) -> None:
        if self._runner.live:
            for run_id in await in_database(forbidden):
                self._runner.end(run_id, NOT_ALLOWED)
        await self._check_readers()


def save_what_fits(news: Sequence[Progress], now: datetime, carried: Collection[UUID]) -> Saved:
    """Write progress as `save_texts` does; where the database refuses one, that does not keep the others."""
    try:
        return save_texts(news, now, carried)
    except NOT_AS_IT_IS:
        missed = {progress.run_id for progress in news}
        for progress in news:
            with guarded("Saving the text of run", progress.run_id):
                missed -= {progress.run_id} - save_texts([progress], now, carried).missed
        return save_texts([], now, carried)._replace(missed=frozenset(missed))


def save_texts(news: Sequence[Progress], now: datetime, carried: Collection[UUID]) -> Saved:
    """Write how far runs are, renew the leases of what this process carries out, and return what rows say.

    Rows of this process that it does not carry out are left to be found lost.
    """
    mine = Run.objects.owned_by(OWNER).filter(pk__among=carried)
    with transaction.atomic():
        write(news, now)
        found = dict(mine.values_list("id", "stop_requested_at"))
        missing = [run_id for run_id in carried if run_id not in found]
        if missing and take_back(missing, now):
            found = dict(mine.values_list("id", "stop_requested_at"))
        mine.update(lease_expires_at=now + LEASE)
    stopping = {run_id for run_id, asked_at in found.items() if asked_at}
    return Saved(set(found), stopping, frozenset(missing))


def write(news: Iterable[Progress], now: datetime) -> None:
    """Write texts, each into its run's row or, where that is long, beside it.

    The row comes first: it is held until the transaction ends, so that whoever ends the run or erases its
    words meanwhile finds what is beside it.
    """
    to_db = Run._meta.get_field("id").get_db_prep_value
    statements: dict[str, list[Any]] = {SAVE_TEXT: [], SAVE_REST: [], ADD_PIECE: []}
    for progress in news:
        run_id = to_db(progress.run_id, connection)
        statements[SAVE_REST if progress.begins else SAVE_TEXT].append((now, *progress.values(), run_id))
        statements[ADD_PIECE] += [(*piece, run_id) for piece in progress.pieces()]
    with connection.cursor() as cursor:
        for statement, rows in statements.items():
            if rows:
                cursor.executemany(statement, rows)


def take_back(run_ids: Collection[UUID], now: datetime) -> bool:
    """Let those of these runs go on that another process took for lost, as if it had not; tell of any."""
    lost = Run.objects.filter(pk__among=run_ids, owner=OWNER).taken_for_lost()
    taken = list(lost.values_list("id", flat=True))
    unspend(taken)
    return bool(taken) and bool(Run.objects.filter(pk__among=taken).revive(now))


def erased_of(run_ids: Sequence[UUID]) -> list[UUID]:
    """Return those of these runs whose words are gone, with their rows or without, by one query."""
    kept = set(Run.objects.with_words().filter(pk__among=run_ids).values_list("id", flat=True))
    return [run_id for run_id in run_ids if run_id not in kept]


# executemany: one statement for all rows, where the ORM would make one query for each.
SAVE_TEXT = (
    "UPDATE playground_run SET state = 'running', started_at = COALESCE(started_at, %s), text = %s, "
    "reasoning = %s, refusal = %s, request_id = %s, "
    "prompt_tokens = %s, completion_tokens = %s, tokens_reported = %s, reasoning_tokens = %s, "
    "cached_tokens = %s "
    "WHERE id = %s AND state IN ('queued', 'running') AND erased_at IS NULL"
)
# The same without the text, and what is added to that.
SAVE_REST = SAVE_TEXT.replace("text = %s, reasoning = %s, refusal = %s, ", "")
ADD_PIECE = (
    "INSERT INTO playground_continuation (part, begins, text, run_id) "
    "SELECT %s, %s, %s, id FROM playground_run "
    "WHERE id = %s AND state IN ('queued', 'running') AND erased_at IS NULL "
    "ON CONFLICT (run_id, part, begins) DO UPDATE SET text = excluded.text"
)


def forbidden() -> list[UUID]:
    """Return this process's live runs whose author or key may no longer be used, in one query."""
    author = Membership.objects.who_may(TeamAct.SPEND).filter(team=OuterRef("team"), user=OuterRef("author"))
    usable = Key.objects.usable().filter(pk=OuterRef("key"))
    allowed = Exists(author) & (
        Exists(usable.filter(only_spenders=False)) | Exists(author.filter(spendable_keys=OuterRef("key")))
    )
    return list(Run.objects.owned_by(OWNER).exclude(allowed & Exists(usable)).values_list("id", flat=True))

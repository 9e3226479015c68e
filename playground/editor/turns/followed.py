"""Runs as turns, followed by the page that shows them where their logs can be read."""

from collections.abc import Iterable

from asgiref.sync import async_to_sync

from playground.answers.views import AnswerView, fitting
from playground.editor.turns.turns import Turn
from playground.live.log.waiting import Waiting
from playground.live.process_log import log
from playground.models import Run
from playground.streams.readers import readers
from teams.models import Membership


async def turn_of(
    run: Run, reader: Membership, session_key: str, view: AnswerView = AnswerView.RENDERED
) -> Turn:
    """Return a run as this member reads it, its answer in this view where that is one for it."""
    is_held = may_follow(run, reader, session_key) and await log.holds(run.pk)
    return turn_as_held(run, reader, view, is_held=is_held)


def turns_of(
    runs: Iterable[Run], reader: Membership, session_key: str, view: AnswerView = AnswerView.RENDERED
) -> list[Turn]:
    """Return runs as this member reads them, asked in a thread."""

    async def all_of_them() -> list[Turn]:
        return [await turn_of(run, reader, session_key, view) for run in asked]

    asked = list(runs)
    return async_to_sync(all_of_them)() if asked else []


def turn_begun(run: Run, reader: Membership, session_key: str, view: AnswerView) -> Turn:
    """Return a run that was launched here just now: its log is open, and nobody has to be asked for it."""
    return turn_as_held(run, reader, view, is_held=may_follow(run, reader, session_key))


def may_follow(run: Run, reader: Membership, session_key: str) -> bool:
    """Tell whether a page of this session may be sent what comes, wherever the run is."""
    return bool(run.is_live() and session_key and readers.has_room(reader.user_id))


def turn_as_held(run: Run, reader: Membership, view: AnswerView, *, is_held: bool) -> Turn:
    """Return a run as this member reads it; its page follows it where its log can be read."""
    is_unsaved = run.is_live() and log.is_finished(run.pk)
    return Turn(run, is_held, reader, is_unsaved, waiting_of(run), view=fitting(run, view))


def waiting_of(run: Run) -> Waiting | None:
    """Return how a run waits for its first words: as its log says, else as can be told from its row."""
    if not run.is_live() or run.answer or run.reasoning or run.refusal:
        return None
    return log.waiting(run.pk) or Waiting((run.started_at or run.created_at).timestamp())

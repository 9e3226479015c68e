"""What can be said of a run in one word: where it is, why it was stopped, why it is not sent again."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler


class RunState(models.TextChoices):
    """Where a run is. Every run ends in exactly one of the last five."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    COMPLETED = "completed", "Completed"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"
    ENDED_EARLY = "ended_early", "Ended early"
    INTERRUPTED = "interrupted", "Interrupted"


class StopCause(models.TextChoices):
    """Why a run was not waited for; who pressed Stop stands in `stopped_by`."""

    MEMBER = "member", "A member stopped it"
    PERMISSION_LOST = "permission_lost", "Its author may no longer use the key or the team"
    SERVER_STOPPED = "server_stopped", "The server was stopped"
    SERVER_LOST = "server_lost", "The server went away"
    ERASED = "erased", "Its words were erased"
    TOO_LONG = "too_long", "The answer grew too long"


class LeftOut(models.TextChoices):
    """Why a turn of a conversation is not sent with a later one."""

    ERASED = "erased", "Its words were erased"
    FAILED = "failed", "It failed"
    STOPPED = "stopped", "It was stopped before its first word"
    INTERRUPTED = "interrupted", "It was interrupted before its first word"
    ENDED_EARLY = "ended_early", "It ended before its first word"
    TOOLS = "tools", "The model asked for a tool"
    EMPTY = "empty", "The model answered with nothing"


class Note(models.TextChoices):
    """What is to be said beside an answer, with a number."""

    UNREADABLE_EVENTS = "unreadable_events", "So many events of the stream could not be read"
    CHOICES = "choices", "So many answers came, of which one is kept"
    TOKENS_NOT_BELIEVED = "tokens_not_believed", "More tokens were reported than anybody can have used"


LIVE_STATES = (RunState.QUEUED, RunState.RUNNING)
ENDED_STATES = tuple(state for state in RunState if state not in LIVE_STATES)


class IsLive(models.Lookup):
    """Whether a state is a live one, in the words of the index of live runs.

    SQLite takes an index of some rows only where the query says so literally, never by parameters.
    """

    lookup_name = "live"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Name the live states."""
        column, params = self.process_lhs(compiler, connection)
        states = ", ".join(f"'{state}'" for state in LIVE_STATES)
        return f"{column} {'' if self.rhs else 'NOT '}IN ({states})", tuple(params)

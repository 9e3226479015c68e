"""An identical request was answered before: its answer can be had again, at no cost."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from playground.editor.start.preview import preview
from playground.editor.start.starting import (
    RUN_ROWS,
    CannotStart,
    Start,
    Wish,
    compose,
    find_conversation,
    once,
    same_wish,
)
from playground.models import Run, RunQuerySet, RunState
from playground.search import index

# What a form posts of its choice: to send all the same; else the id of the run whose answer is taken.
SEND = "send"
GONE = "The stored answer is not there any more. Nothing was sent: press Run to ask again."
# What is taken over of a stored answer. Its numbers are not: they were spent once.
TAKEN = ("answer", "reasoning", "refusal", "tool_calls", "finish_reason")


def is_repeatable(parameters: Mapping[str, Any]) -> bool:
    """Tell whether the same answer is to be expected of the same request: by temperature 0, or by a seed."""
    has_seed = parameters.get("extra", {}).get("seed") is not None
    return has_seed or parameters.get("temperature") == 0


def stored_answers(wish: Wish) -> RunQuerySet:
    """Return the runs of the team in which the same server answered the same request, newest first."""
    try:
        digest = preview(wish).digest
    except CannotStart:
        return Run.objects.none()
    return Run.objects.answered_already(wish.member.team, wish.key.base_url, digest).with_people()


def offered(wish: Wish, choice: str = "") -> Run | None:
    """Return the stored answer that is offered before a request is sent; None where it is sent at once.

    That is where the same answer is expected, nobody chose to send it all the same, and it was not sent yet.
    """
    if choice == SEND or not is_repeatable(wish.parameters) or same_wish(wish):
        return None
    return stored_answers(wish).first()


def use_stored(wish: Wish, run_id: UUID) -> Start:
    """Write the next turn of a conversation with a stored answer, once per form. Raises `CannotStart`."""
    return once(wish, lambda: write_stored(wish, run_id))


def write_stored(wish: Wish, run_id: UUID) -> Start:
    """Write a run that is over, whose answer is that of another to the same request."""
    conversation, turns = find_conversation(wish)
    run, _ = compose(wish, conversation, turns, timezone.now())
    if (stored := stored_answers(wish).filter(pk=run_id).first()) is None:
        raise CannotStart(GONE)
    for name in TAKEN:
        setattr(run, name, getattr(stored, name))
    run.state, run.owner, run.lease_expires_at = RunState.COMPLETED, "", None
    run.stored_from, run.finished_at = stored.pk, run.created_at
    RUN_ROWS.insert(run)
    index.put(Run.objects.filter(pk=run.pk))
    return Start(run, None)

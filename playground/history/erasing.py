"""Erase what was said; what was spent stays."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import batched, groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from playground.editor.turns.branches import tree_of
from playground.live.process_log import forget
from playground.models import (
    LIVE_STATES,
    NO_WORDS,
    Continuation,
    Conversation,
    DraftState,
    Rating,
    RawLines,
    Run,
    RunQuerySet,
    StopCause,
)
from playground.search import index

BATCH = 200
# Longer than the words of a run that is over stay in any log, whatever clocks do.
LOGGED = timedelta(minutes=10)
OWN_WORDS = ("conversation_id", "turn", "system_prompt", "message", "messages_before", "messages")


def erase(run: Run) -> bool:
    """Clear the words of a run and of all turns that go on from it; tell whether that was done.

    Nothing is done while one of them is being written.
    """
    with transaction.atomic():
        lock({run.conversation_id})
        turns = with_later(run)
        if turns.live().exists():
            return False
        erase_all(turns, timezone.now())
    return True


def with_later(run: Run) -> RunQuerySet:
    """Return a run and the turns that go on from it: other versions of it are not among them."""
    tree = tree_of(run.conversation)
    return Run.objects.filter(pk__in=[turn.pk for turn in tree.below(tree.by_id[run.pk])])


@transaction.atomic
def erase_all(runs: RunQuerySet, now: datetime) -> int:
    """Clear the words of these runs wherever they stand, and tell how many runs that were.

    Those that are live are stopped, and end without words. Later turns that stay lose what they repeat.
    """
    found = list(runs.with_words().order_by("conversation").values_list("pk", "conversation_id"))
    forget_on_commit([run_id for run_id, _ in found], now)
    for batch in batched(found, BATCH, strict=False):
        conversations = lock({conversation_id for _, conversation_id in batch})
        run_ids = [run_id for run_id, _ in batch]
        erased = Run.objects.filter(pk__in=run_ids)
        erased.live().update(stop_requested_at=now, stop_cause=StopCause.ERASED)
        erased.update(erased_at=now, **NO_WORDS)
        index.forget(run_ids)
        Rating.objects.filter(run__among=run_ids).delete()
        forget_states(erased)
        # After the rows: whoever saves one holds it, and adds nothing to it once it is erased.
        Continuation.objects.filter(run__among=run_ids).delete()
        RawLines.objects.filter(run__among=run_ids).delete()
        forget_repetitions(conversations)
    return len(found)


def forget_states(erased: RunQuerySet) -> None:
    """Forget what the authors of these runs had typed before, which may be the same words."""
    later = {"team": OuterRef("draft__team"), "author": OuterRef("draft__author")}
    since = erased.filter(**later, created_at__gte=OuterRef("saved_at"))
    DraftState.objects.filter(Exists(since)).delete()


def forget_on_commit(run_ids: list[UUID], now: datetime) -> None:
    """Let the logs of live runs go of what is erased; of runs that are over for long they hold nothing."""
    over = Q(finished_at__lt=now - LOGGED)
    recent = list(Run.objects.filter(pk__among=run_ids).exclude(over).values_list("pk", flat=True))
    if recent:
        transaction.on_commit(partial(forget, recent), robust=True)


def lock(conversation_ids: set[UUID]) -> list[UUID]:
    """Hold these conversations until the transaction ends: nobody goes on with one meanwhile."""
    held = Conversation.objects.filter(pk__in=conversation_ids).order_by("pk").select_for_update()
    return list(held.values_list("pk", flat=True))


def forget_repetitions(conversation_ids: Iterable[UUID]) -> None:
    """Take erased words out of the titles of conversations, held by `lock`, and out of their later turns.

    Requests name the words of other turns and need nothing done. What the version before wrote repeats them.
    """
    Conversation.objects.filter(pk__in=conversation_ids).update(title="")
    kept = Run.objects.filter(conversation__in=conversation_ids).with_words().only(*OWN_WORDS)
    for conversation_id, turns in groupby(
        kept.order_by("conversation", "turn", "created_at"), key=lambda run: run.conversation_id
    ):
        first, *later = turns
        title = Conversation.title_of(first.message)
        Conversation.objects.filter(pk=conversation_id).update(title=title)
        for run in (first, *later):
            keep_own_words(run)


def keep_own_words(run: Run) -> None:
    """Let a run hold its own words alone."""
    own = run.own_messages()
    if run.messages != own:
        Run.objects.filter(pk=run.pk).update(
            system_prompt=run.system_prompt, message=run.message, messages=own
        )


def clear_half_erased() -> None:
    """Clear what the version before, which knows fewer columns, left of the words that it erased."""
    index.forget_erased()
    RawLines.objects.exclude(run__erased_at=None).delete()
    Continuation.objects.exclude(run__state__in=LIVE_STATES, run__erased_at=None).delete()
    whole: dict[str, Any] = dict.fromkeys(("system_prompt", "message", "request"), "")
    whole |= dict.fromkeys(("error_body", "error_param"), "")
    whole |= {"refusal": "", "tool_calls__isnull": True, "template__isnull": True}
    whole |= {"messages_before__isnull": True}
    half = Run.objects.exclude(erased_at=None).exclude(**whole)
    for batch in batched(list(half.values_list("pk", flat=True)), BATCH, strict=False):
        Run.objects.filter(pk__in=batch).update(**NO_WORDS)

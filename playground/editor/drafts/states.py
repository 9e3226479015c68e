"""The states of a draft: what it held before, so that one can go back. The last fifty, not one a key."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone

from playground.editor.columns.fields_typed import same_words, typed_in
from playground.editor.drafts.drafts import hold
from playground.models import Draft, DraftState
from playground.models.drafts import HELD, KEYS, Fields, packed
from teams.models import Membership

MOST_STATES = 50
# What is typed within so long is one state, unless much of it is taken out meanwhile.
ONE_STATE = timedelta(seconds=30)
MUCH_CHARS = 20
# Of all states of one draft, as they are kept.
MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """What a draft held at a time: a state, or what it holds now, whose `state_id` is None."""

    state_id: int | None
    saved_at: datetime
    columns: list[Fields]


def begins_another(draft: Draft, page: UUID, columns: Sequence[Fields], now: datetime) -> bool:
    """Tell whether what a draft holds is kept as a state before these columns of a page take its place."""
    if same_words(draft.columns, columns) or not any(map(typed_in, draft.columns)):
        return False
    is_over = draft.began_at is None or now - draft.began_at >= ONE_STATE
    is_reshaped = len(draft.columns) != len(columns) or loses_much(draft.columns, columns)
    return is_over or is_reshaped or draft.page != page


def loses_much(before: Sequence[Fields], after: Sequence[Fields]) -> bool:
    """Tell whether a field has become so much shorter that somebody may want it back."""
    return any(
        len(value) - len(new.get(name, "")) >= MUCH_CHARS
        for old, new in zip(before, after, strict=True)
        for name, value in typed_in(old).items()
    )


def keep_state(draft: Draft, columns: Sequence[Fields], saved_at: datetime) -> None:
    """Add a state to a draft, and forget the oldest beyond fifty, or beyond what all may take."""
    DraftState.objects.create(draft=draft, packed=packed(columns), saved_at=saved_at)
    sizes = draft.states.order_by("-pk").annotate(size=Length("packed")).values_list("pk", "size")
    total = 0
    for place, (pk, size) in enumerate(sizes):
        total += size
        if place and (place == MOST_STATES or total > MOST_BYTES):
            draft.states.filter(pk__lte=pk).delete()
            return


def moments(draft: Draft) -> Iterator[Moment]:
    """Yield what a draft holds, and what it held, the newest first."""
    yield Moment(None, draft.saved_at, draft.columns)
    for state in draft.states.order_by("-pk"):
        yield Moment(state.pk, state.saved_at, state.columns)


@transaction.atomic
def go_back(member: Membership, draft_id: int, state_id: int) -> Draft | None:
    """Let a draft hold what it held in a state; what it holds now is a state from then on.

    Return the draft; None where there is none such. Its columns get keys of their own, as some of them may
    have been sent since.
    """
    hold(member)
    draft = Draft.objects.of(member).filter(pk=draft_id).first()
    state = draft.states.filter(pk=state_id).first() if draft else None
    if draft is None or state is None:
        return None
    columns = [renewed(column) for column in state.columns]
    now = max(timezone.now(), draft.saved_at + timedelta(microseconds=1))
    keep_state(draft, draft.columns, draft.saved_at)
    draft.page, draft.began_at = uuid.uuid4(), now
    draft.take(columns, now)
    draft.save(update_fields=["page", "began_at", *HELD])
    return draft


def renewed(column: Fields) -> Fields:
    """Return a column with new idempotency keys, where it has any."""
    keys = [name for name in KEYS if column.get(name)]
    return {**column, **{name: str(uuid.uuid4()) for name in keys}}

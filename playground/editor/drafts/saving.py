"""Save what a page holds as a draft: what was written elsewhere meanwhile is neither lost nor passed over."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from playground.editor.columns.fields_typed import same_words
from playground.editor.drafts.drafts import drafts_of, edit_key_of, hold, key_of, keys_sent, unsent
from playground.editor.drafts.states import begins_another, keep_state
from playground.models import Draft
from playground.models.drafts import HELD, Fields
from teams.models import Membership

MOST_DRAFTS = 50
TOO_MANY = f"Not saved: you have {MOST_DRAFTS} drafts here. Discard one that you do not need."
SENT = "Not saved: it was sent already."
# What a page knows that knows of no draft.
NEVER = datetime.min.replace(tzinfo=UTC)


class Choice(StrEnum):
    """What becomes of a page where something else was written meanwhile."""

    ASK = ""
    MINE = "mine"
    OTHER = "other"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a page holds, and what it knows of drafts.

    `page` and `base` are the idempotency keys of its column A and of that of the draft with which it began;
    `page` is None for what no form will send. `draft_id` names the draft that it goes on with, and `seen` is
    when the newest that it knows of was saved: None on a page that says nothing of drafts.
    """

    columns: Sequence[Fields]
    page: UUID | None
    base: UUID | None = None
    draft_id: int | None = None
    seen: datetime | None = None
    # Since when each column waited for what is typed in it; empty on a page that does not say.
    waited_since: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the draft as it is stored, or the `other` that has to be chosen about first.

    `is_gone` where it was sent already: what comes late then is no draft.
    """

    draft: Draft | None = None
    other: Draft | None = None
    is_apart: bool = False
    is_gone: bool = False
    why: str = ""

    @property
    def is_saved(self) -> bool:
        """Whether what was typed is kept."""
        return self.draft is not None


@transaction.atomic
def save_draft(member: Membership, typed: Typed, choice: Choice = Choice.ASK) -> Outcome:
    """Keep what a page's columns hold as the draft that the page goes on with, or as one of its own.

    What was written elsewhere since the page knew of it stays until somebody chooses. Of columns that were
    sent meanwhile the messages are left out. Nothing is kept for somebody who leaves at this moment: what
    they wrote is forgotten with that.
    """
    hold(member)
    if not list(Membership.objects.filter(pk=member.pk).select_for_update(no_key=True).values_list("pk")):
        return Outcome(is_gone=True)
    named = [key_of(column) or typed.page for column in typed.columns]
    sent = keys_sent(member, [*named, *map(edit_key_of, typed.columns)])
    if all(key in sent for key in named):
        return Outcome(is_gone=True, why=SENT)
    columns = unsent(typed.columns, sent, typed.page)
    own = own_draft(member, typed)
    other = written_elsewhere(member, own, typed)
    if other and not same_words(other.columns, columns):
        return settle(member, typed, columns, other, choice)
    return write(member, own or other, typed, columns)


def own_draft(member: Membership, typed: Typed) -> Draft | None:
    """Return the draft that a page goes on with: one that it wrote, else the one it names, or began with.

    A page that says nothing of drafts writes in the place of the newest.
    """
    mine = Draft.objects.of(member)
    named = next(iter(mine.filter(pk=typed.draft_id)), None) if typed.draft_id else None
    if named and named.page == typed.page:
        return named  # as nearly always
    if wrote := mine.filter(page=typed.page).first() if typed.page else None:
        return wrote
    if began := mine.filter(page=typed.base).first() if typed.base and not named else None:
        return began
    return named or (mine.newest_first().first() if typed.seen is None else None)


def written_elsewhere(member: Membership, own: Draft | None, typed: Typed) -> Draft | None:
    """Return what another page wrote, since this one knew of it, into its draft, or at the place of it."""
    if typed.seen is None:
        return None
    if own:
        return own if own.page != typed.page and own.saved_at > typed.seen else None
    here = [column.get("conversation", "") for column in typed.columns]
    newer = Draft.objects.of(member).filter(saved_at__gt=typed.seen).newest_first()
    return next((draft for draft in newer if draft.has_words and draft.conversations == here), None)


def settle(
    member: Membership, typed: Typed, columns: Sequence[Fields], other: Draft, choice: Choice
) -> Outcome:
    """Do what was chosen about a page and what was written elsewhere meanwhile; what gives way is a state."""
    match choice:
        case Choice.MINE:
            return write(member, other, typed, columns)
        case Choice.OTHER:
            keep_state(other, columns, timezone.now())
            return Outcome(other)
        case Choice.BOTH:
            return replace(write(member, None, typed, columns), is_apart=True)
    return Outcome(other=other)


def write(member: Membership, draft: Draft | None, typed: Typed, columns: Sequence[Fields]) -> Outcome:
    """Write columns into a draft, what it held before into its states; or into a new one."""
    now, page = timezone.now(), typed.page or uuid.uuid4()
    if draft is None:
        if not has_room(member):
            return Outcome(why=TOO_MANY)
        owner = {"team_id": member.team_id, "author_id": member.user_id}
        draft = Draft(**owner, page=page, began_at=now)
        draft.take(columns, now)
        draft.save(force_insert=True)
        return Outcome(draft)
    # Whatever the clocks of two servers say, what is written later is newer.
    now = max(now, draft.saved_at + timedelta(microseconds=1))
    if begins_another(draft, typed.page or draft.page, columns, now):
        keep_state(draft, draft.columns, draft.saved_at)
        draft.began_at = now
    draft.page = page
    draft.take(columns, now)
    draft.save(update_fields=["page", "began_at", *HELD])
    return Outcome(draft)


def has_room(member: Membership) -> bool:
    """Tell whether a member may have one draft more; the oldest without a message gives way."""
    drafts = drafts_of(member)
    if len(drafts) < MOST_DRAFTS:
        return True
    wordless = [draft for draft in drafts if not draft.has_words]
    if wordless:
        wordless[-1].delete()
    return bool(wordless)

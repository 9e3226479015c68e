"""Drafts: what a member types is kept until it is sent, for them alone: a whole page, column by column."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils import timezone

from playground.editor.changes import unedited
from playground.editor.extra_fields import EXTRA_CHARS
from playground.editor.fields import MESSAGE_CHARS, TextField
from playground.editor.identifiers import uuid_of
from playground.editor.limits import lock
from playground.models import Draft, Run
from playground.models.drafts import Fields, written_in
from teams.models import Membership

# Of a field with one line, or with a few.
LINE_CHARS, LINES_CHARS = 2_000, 20_000


class DraftForm(forms.Form):
    """A column as it was typed so far: nothing of it must be right, nothing is longer than can be sent."""

    message = TextField(max_length=MESSAGE_CHARS, required=False)
    system_prompt = TextField(max_length=MESSAGE_CHARS, required=False)
    stop = TextField(max_length=LINES_CHARS, required=False)
    extra = TextField(max_length=EXTRA_CHARS, required=False)
    key = forms.CharField(max_length=LINE_CHARS, required=False, strip=False)
    model = forms.CharField(max_length=LINE_CHARS, required=False, strip=False)
    temperature = forms.CharField(max_length=LINE_CHARS, required=False, strip=False)
    max_tokens = forms.CharField(max_length=LINE_CHARS, required=False, strip=False)
    top_p = forms.CharField(max_length=LINE_CHARS, required=False, strip=False)
    stream = forms.CharField(max_length=LINE_CHARS, required=False)
    links = forms.CharField(max_length=LINE_CHARS, required=False)
    conversation = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)
    edited_run = forms.UUIDField(required=False)
    edited_key = forms.UUIDField(required=False)
    edited = TextField(max_length=MESSAGE_CHARS, required=False)
    idempotency_key = forms.UUIDField(required=False)

    def fields_typed(self) -> Fields:
        """Return what is kept."""
        return {name: str(value or "") for name, value in self.cleaned_data.items()}

    def why_not_kept(self) -> str:
        """Return what is too long, in words."""
        return " ".join(
            f"Not saved: {self[name].label}: {' '.join(map(str, words))}"
            for name, words in self.errors.items()
        )


def draft_of(member: Membership) -> Draft | None:
    """Return what the member has not sent yet."""
    return Draft.objects.of(member).first()


@transaction.atomic
def save_draft(
    member: Membership, columns: Sequence[Fields], page: UUID | None, after: Iterable[UUID] | None = None
) -> bool:
    """Keep what a page's columns hold, in the place of what was kept before; tell whether that was done.

    It is not done once they were sent: what comes late then is no draft; where others were not, theirs are
    kept. Where `after` names pages, it is done only while nobody but those has written a message since.
    `page` is None for what no form will send. Nor is it done for somebody who leaves at this moment: what
    they wrote is forgotten with that.
    """
    hold(member)
    if not Membership.objects.filter(pk=member.pk).select_for_update(no_key=True).values_list("pk").first():
        return False
    named = [key_of(column) or page for column in columns]
    sent = keys_sent(member, [*named, *map(edit_key_of, columns)])
    if all(key in sent for key in named):
        return False
    kept = unsent(columns, sent, page)
    newer = Draft.objects.of(member).exclude(page__in=list(after)).first() if after is not None else None
    if newer and (newer.has_words or not has_words(columns)):
        return False
    written: dict[str, Any] = {"page": page or uuid.uuid4(), "columns": kept, "saved_at": timezone.now()}
    Draft.objects.bulk_create(
        [Draft(team_id=member.team_id, author_id=member.user_id, **written)],
        update_conflicts=True,
        unique_fields=["team", "author"],
        update_fields=list(written),
    )
    return True


def keys_sent(member: Membership, keys: Iterable[UUID | None]) -> set[UUID]:
    """Return those of these idempotency keys that have started a run of the member."""
    mine = Run.objects.filter(team=member.team_id, author=member.user_id)
    return set(
        mine.filter(idempotency_key__in=list(filter(None, keys))).values_list("idempotency_key", flat=True)
    )


def discard_draft(member: Membership) -> None:
    """Forget what the member has not sent."""
    Draft.objects.of(member).delete()


def forget_sent(member: Membership, keys: Iterable[UUID]) -> None:
    """Forget the column that was sent, in the transaction that writes its run; what others wrote stays, and
    what stands in other columns."""
    hold(member)
    draft = Draft.objects.of(member).first()
    if draft is None:
        return
    kept = unsent(draft.columns, set(keys), draft.page)
    if kept == draft.columns:
        return
    draft.columns = kept
    if has_words(draft.columns):
        draft.save(update_fields=["columns"])
    else:
        draft.delete()


def unsent(columns: Sequence[Fields], sent: Collection[UUID], page: UUID | None) -> list[Fields]:
    """Return columns without the messages that were sent: by these keys; what was sent begins a branch."""
    kept = []
    for column in columns:
        if (key_of(column) or page) in sent:
            column = {**column, "message": "", "after": ""}
        if edit_key_of(column) in sent:
            column = unedited({**column, "after": ""})
        kept.append(column)
    return kept


def key_of(column: Fields) -> UUID | None:
    """Return the idempotency key of a column; None where an earlier version wrote it without."""
    return uuid_of(column.get("idempotency_key", ""))


def edit_key_of(column: Fields) -> UUID | None:
    """Return the idempotency key of the earlier message that is edited in a column; None where none is."""
    return uuid_of(column.get("edited_key", ""))


def has_words(columns: Iterable[Fields]) -> bool:
    """Tell whether a message stands in one of these columns."""
    return any(map(written_in, columns))


def hold(member: Membership) -> None:
    """Let nobody save a draft and send it at the same moment."""
    lock(f"draft {member.user_id} {member.team_id}")


def belongs(draft: Draft, conversations: Sequence[str]) -> bool:
    """Tell whether a page begins with this draft: one typed there, or, on the bare page, any with words, and
    one of a page without a conversation."""
    if not conversations:
        return draft.has_words or not any(draft.conversations)
    return draft.conversations == list(conversations)


def initial_of_draft(column: Fields, page: UUID) -> dict[str, Any]:
    """Return a column's values as they were typed."""
    fields = {**column, "stream": bool(column.get("stream")), "draft": key_of(column) or page}
    fields.pop("idempotency_key", None)
    return fields

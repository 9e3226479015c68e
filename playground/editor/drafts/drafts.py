"""Drafts: what a member types is kept until it is sent, for them alone: a whole page, column by column."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from common.database.prepared import TEAM, USER, PreparedModels
from playground.editor.columns.changes import unedited
from playground.editor.form.extra_fields import EXTRA_CHARS
from playground.editor.form.fields import MESSAGE_CHARS, TextField
from playground.editor.form.identifiers import uuid_of
from playground.editor.form.typed_messages import MessagesInput
from playground.editor.form.variables import TEXTS, values_field
from playground.live.limits import lock
from playground.models import Draft, Run
from playground.models.drafts import HELD, Fields, first_words
from playground.text.variables import escaped
from teams.models import Membership

# Of a field with one line, or with a few.
LINE_CHARS, LINES_CHARS = 2_000, 20_000
# Of all messages that are typed before another; no form is longer.
MESSAGES_CHARS = 2_000_000


class DraftForm(forms.Form):
    """A column as it was typed so far: nothing of it must be right, nothing is longer than can be sent."""

    message = TextField(max_length=MESSAGE_CHARS, required=False)
    messages_before = TextField(max_length=MESSAGES_CHARS, required=False, widget=MessagesInput)
    system_prompt = TextField(max_length=MESSAGE_CHARS, required=False)
    variables = values_field()
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
    edited_before = TextField(max_length=MESSAGES_CHARS, required=False, widget=MessagesInput)
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


@PreparedModels
def _drafts() -> QuerySet[Draft]:
    """A member's drafts: every start looks whether they hold what was sent."""
    return Draft.objects.filter(team=TEAM, author=USER).newest_first().in_short()


def drafts_of(member: Membership) -> list[Draft]:
    """Return what the member has not sent, the newest first, in short: columns are read when asked for."""
    found = _drafts.all({TEAM.name: member.team_id, USER.name: member.user_id})
    return Draft.objects.completed(found)


def keys_sent(member: Membership, keys: Iterable[UUID | None]) -> set[UUID]:
    """Return those of these idempotency keys that have started a run of the member."""
    mine = Run.objects.filter(team=member.team_id, author=member.user_id)
    return set(
        mine.filter(idempotency_key__in=list(filter(None, keys))).values_list("idempotency_key", flat=True)
    )


def discard_draft(member: Membership, draft_id: int | None) -> None:
    """Forget a draft of the member with all its states; None is the one that was written last."""
    drafts = Draft.objects.of(member).newest_first()
    found = drafts.filter(pk=draft_id).first() if draft_id else drafts.first()
    if found:
        found.delete()


def forget_sent(member: Membership, keys: Iterable[UUID], left: Collection[UUID] = ()) -> None:
    """Forget the column that was sent, in the transaction that writes its run; what others wrote stays, and
    what stands in other columns. What was typed in a branch that was `left`, by turns of it, goes along."""
    hold(member)
    sent = set(keys)
    for draft in drafts_of(member):
        if draft.keys.isdisjoint(map(str, sent)) and not (left and any(draft.conversations)):
            continue
        kept = [onward(column, left) for column in unsent(draft.columns, sent, draft.page)]
        if kept == draft.columns:
            continue
        if has_words(kept):
            draft.take(kept, draft.saved_at)
            draft.save(update_fields=HELD)
        else:
            draft.delete()


def onward(column: Fields, left: Collection[UUID]) -> Fields:
    """Return a column in the newest branch, where it is in one of those that were left."""
    return {**column, "after": ""} if uuid_of(column.get("after", "")) in left else column


def unsent(columns: Sequence[Fields], sent: Collection[UUID], page: UUID | None) -> list[Fields]:
    """Return columns without the messages that were sent: by these keys; what was sent begins a branch."""
    kept = []
    for column in columns:
        if (key_of(column) or page) in sent:
            column = {**column, "message": "", "messages_before": "", "after": ""}
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
    return bool(first_words(columns))


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
    if "variables" not in column:  # an earlier version wrote it, for which braces were nothing but braces
        fields |= {name: escaped(column.get(name, "")) for name in TEXTS}
    if not fields.get("edited_key"):
        fields.pop("edited_key", None)
    return fields

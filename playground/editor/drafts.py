"""Drafts: what a member types is kept until it is sent, for them alone."""

import uuid
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils import timezone

from playground.editor.extra_fields import EXTRA_CHARS
from playground.editor.forms import MESSAGE_CHARS, TextField
from playground.editor.limits import lock
from playground.models import Conversation, Draft, Run
from teams.models import Membership

# Of a field with one line, or with a few.
LINE_CHARS, LINES_CHARS = 2_000, 20_000


class DraftForm(forms.Form):
    """A form as it was typed so far: nothing of it must be right, nothing is longer than can be sent."""

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
    conversation = forms.UUIDField(required=False)

    def fields_typed(self) -> dict[str, str]:
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
    member: Membership, fields: dict[str, str], page: UUID | None, after: Iterable[UUID] | None = None
) -> bool:
    """Keep what a page's form holds, in the place of what was kept before; tell whether that was done.

    It is not done once the form was sent: what comes late then is no draft. Where `after` names pages, it is
    done only while nobody but those has written a message since. `page` is None for what no form will send.
    Nor is it done for somebody who leaves at this moment: what they wrote is forgotten with that.
    """
    hold(member)
    if not Membership.objects.filter(pk=member.pk).select_for_update(no_key=True).values_list("pk").first():
        return False
    if page and Run.objects.filter(team=member.team_id, author=member.user_id, idempotency_key=page).exists():
        return False
    newer = Draft.objects.of(member).exclude(page__in=list(after)).first() if after is not None else None
    if newer and (newer.message.strip() or not fields["message"].strip()):
        return False
    written: dict[str, Any] = {"page": page or uuid.uuid4(), "columns": [fields], "saved_at": timezone.now()}
    Draft.objects.bulk_create(
        [Draft(team_id=member.team_id, author_id=member.user_id, **written)],
        update_conflicts=True,
        unique_fields=["team", "author"],
        update_fields=list(written),
    )
    return True


def discard_draft(member: Membership) -> None:
    """Forget what the member has not sent."""
    Draft.objects.of(member).delete()


def forget_sent(member: Membership, pages: Iterable[UUID]) -> None:
    """Forget the draft that was sent, in the transaction that writes its run; what others wrote stays."""
    hold(member)
    Draft.objects.of(member).written_by(pages).delete()


def hold(member: Membership) -> None:
    """Let nobody save a draft and send it at the same moment."""
    lock(f"draft {member.user_id} {member.team_id}")


def belongs(draft: Draft, conversation: Conversation | None) -> bool:
    """Tell whether a page begins with this draft: one typed there, or, on the empty page, any with words."""
    if conversation is None:
        return not draft.conversation or bool(draft.message.strip())
    return draft.conversation == str(conversation.pk)


def initial_of_draft(draft: Draft, conversation: Conversation | None) -> dict[str, Any]:
    """Return the form's values as they were typed."""
    fields = {**draft.fields, "stream": bool(draft.fields.get("stream"))}
    return {**fields, "conversation": conversation and conversation.pk, "draft": draft.page}

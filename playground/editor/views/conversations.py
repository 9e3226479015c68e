"""A conversation has a title, which its author may change."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from common.form_fields import NameField
from playground.acts import PlaygroundAct
from playground.editor.columns.addresses import page_with
from playground.models import Conversation
from playground.models.conversations import TITLE_CHARS
from teams.http import Request, go_on
from teams.permissions import get_access

NOT_YOURS = "Only its author names a conversation."


class TitleForm(forms.Form):
    """A title as it is typed."""

    title = NameField(
        max_length=TITLE_CHARS,
        error_messages={
            "required": "The title was not changed: write one.",
            "max_length": (
                "The title was not changed: at most %(limit_value)d characters; this has %(show_value)d."
            ),
        },
    )


@require_POST
def rename(request: Request, slug: str, conversation_id: UUID) -> HttpResponse:
    """Give one's own conversation another title, and show its page."""
    access = get_access(request, slug, PlaygroundAct.RUN)
    conversation = get_object_or_404(Conversation.objects.for_team(access.team), pk=conversation_id)
    form = TitleForm(request.POST)
    if conversation.author_id != access.membership.user_id:
        messages.error(request, NOT_YOURS)
    elif not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["title"])))
    else:
        conversation.title = " ".join(form.cleaned_data["title"].split())
        conversation.save(update_fields=["title"])
    return go_on(request, page_with(request, slug, conversation.pk))

"""What a page knows of a column between its turns, in hidden fields that are sent with each."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone

from playground.models import Run


def now_exactly() -> str:
    """Return the time, to the microsecond."""
    return timezone.now().isoformat()


class MemoryForm(forms.Form):
    """The hidden fields that change with every turn. Alone it is what an answer brings to the page again."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    conversation = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # The column of a draft with which this one began, by its idempotency key.
    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Since when this column waits for what is typed.
    waits_since = forms.CharField(widget=forms.HiddenInput, required=False, initial=now_exactly)
    # The last that the page shows.
    last_turn = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    # That one itself: the branch that is gone on with.
    after = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @property
    def memory(self) -> list[tuple[str, str, Any]]:
        """A hidden field's name, its id, and its value; each widget would have a template of its own."""
        return [(self[name].html_name, self[name].auto_id, self[name].value()) for name in MEMORY]


MEMORY = tuple(MemoryForm.base_fields)


def going_on_from(run: Run) -> dict[str, Any]:
    """Return what a form holds that goes on after `run`, the last that its page shows."""
    return {"conversation": run.conversation_id, "last_turn": run.turn, "after": run.pk}

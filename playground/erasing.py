"""Erase what was said; what was spent stays."""

from django.db import transaction
from django.utils import timezone

from playground.models import ENDED_STATES, Conversation, Run


def erase(run: Run) -> bool:
    """Clear the words of a run and of the later turns, which repeat them; tell whether that was done.

    Nothing is done while one of them is being written.
    """
    with transaction.atomic():
        turns = Run.objects.filter(conversation=run.conversation_id, turn__gte=run.turn)
        if turns.live().exists():
            return False
        turns.filter(state__in=ENDED_STATES).update(
            text="", messages=[], parameters={}, error_message="", erased_at=timezone.now()
        )
        if run.turn == 1:
            Conversation.objects.filter(pk=run.conversation_id).update(title="")
    return True

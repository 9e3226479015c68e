"""An answer is stale where its question would now be asked otherwise than it was."""

import json
from dataclasses import replace

from django.utils import timezone

from playground.code.export.requests import STREAMING
from playground.editor.preview import look_up_conversation
from playground.editor.starting import CannotStart, Wish, compose


def is_stale(wish: Wish) -> bool:
    """Tell whether the last turn of a conversation would be another request with what is set now.

    Its own message is asked, after those that were typed before it, whatever is typed as the next one.
    Whether it streams changes no answer.
    """
    try:
        conversation, turns = look_up_conversation(wish)
    except CannotStart:
        return False
    if not turns or turns[-1].is_live() or not turns[-1].request:
        return False
    last = turns[-1]
    same = replace(wish, message=last.message, messages_before=last.messages_before or ())
    run, _ = compose(same, conversation, turns[:-1], timezone.now())
    if not run.request or run.system_prompt != last.system_prompt:
        return True
    return asked(run.request.replace(str(run.pk), str(last.pk))) != asked(last.request)


def asked(request: str) -> dict[str, object]:
    """Return what a kept request asks, however its answer comes."""
    return {name: value for name, value in json.loads(request).items() if name not in STREAMING}

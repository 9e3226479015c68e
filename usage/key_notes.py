"""What the list of keys says of a key whose usage cannot be read, or not all of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from teams.keys import notes
from teams.models import Key
from usage.models import Meter


def register() -> None:
    """Let the list of keys know."""
    notes.register(unread)


def unread(keys: Sequence[Key]) -> Mapping[UUID, str]:
    """A sentence about each key in use whose newest answer cannot be read, or not all of it; one query."""
    meters = Meter.objects.filter(key__in=keys, status=Meter.Status.ACTIVE, merged_into=None)
    told = meters.exclude(answer_error="", unread_parts="").values_list(
        "key", "answer_error", "unread_parts", "last_error"
    )
    sentences = {key_id: _sentence(error, parts, last) for key_id, error, parts, last in told if key_id}
    return {key_id: sentence for key_id, sentence in sentences.items() if sentence}


def _sentence(error: str, parts: str, last_error: str) -> str:
    if error:
        # The list says itself why the last poll failed.
        is_told = error[:100] in last_error
        return "" if is_told else f"Usage unknown: the API's answer cannot be read. {error}"
    return f"A part of its usage cannot be read: {parts}." if parts else ""

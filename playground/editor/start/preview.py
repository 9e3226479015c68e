"""The request of a form as it would be sent now: nothing is written, and nothing is sent."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils import timezone

from playground.editor.start.starting import NOT_YOURS, REPEATED, CannotStart, Wish, next_turn, turns_before
from playground.editor.turns.branches import Tree
from playground.editor.turns.dialogue import dialogue, left_out
from playground.editor.turns.remarks import left_out_words
from playground.live.runner import runner
from playground.models import Conversation, Run
from playground.requests import payload_for
from rax import ArgumentError, encode_payload

STILL_WRITING = "The last answer is still being written: it is not in this yet."


@dataclass(frozen=True, slots=True)
class Preview:
    """A request that was not sent: where it would go, its body, and what of the conversation is not in it."""

    base_url: str
    payload: dict[str, Any]
    body: bytes
    left_out_words: str
    # What else is to be said of it.
    note: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of its body, as runs keep theirs."""
        return sha256(self.body).hexdigest()


def preview(wish: Wish) -> Preview:
    """Return the request of a wish as it would be sent now. Raises `CannotStart` where it would not be."""
    conversation, turns = look_up_conversation(wish)
    # A conversation may be megabytes long: it is put together once, and what a run keeps of it is not made.
    run = next_turn(wish, conversation, turns, timezone.now())
    messages, base_url = dialogue(turns, run), wish.key.base_url
    try:
        payload = payload_for(run.model, messages, run.parameters, may_ask=runner.asks_for_usage(base_url))
        body = encode_payload(payload)
    except ArgumentError as problem:
        raise CannotStart(str(problem)) from problem
    note = STILL_WRITING if any(turn.is_live() for turn in turns) else ""
    return Preview(base_url, payload, body, left_out_words(left_out(turns)), note)


def look_up_conversation(wish: Wish) -> tuple[Conversation, list[Run]]:
    """Return the conversation that a wish goes on with and its turns so far, or a new one, not saved."""
    member = wish.member
    if wish.conversation_id is None:
        return Conversation(team=member.team, author=member.user), []
    own = Conversation.objects.for_team(member.team).filter(author=member.user_id)
    if (conversation := own.filter(pk=wish.conversation_id).first()) is None:
        raise CannotStart(NOT_YOURS)
    return conversation, turns_before(Tree(conversation.runs.only(*REPEATED)), wish)

"""Conversations and the runs in them."""

from playground.models.conversations import Conversation, ConversationQuerySet
from playground.models.runs import LEASE, NO_WORDS, Run, RunQuerySet
from playground.models.states import ENDED_STATES, LIVE_STATES, LeftOut, RunState, StopCause

__all__ = [
    "ENDED_STATES",
    "LEASE",
    "LIVE_STATES",
    "NO_WORDS",
    "Conversation",
    "ConversationQuerySet",
    "LeftOut",
    "Run",
    "RunQuerySet",
    "RunState",
    "StopCause",
]

"""Conversations and the runs in them."""

from playground.models.conversations import Conversation, ConversationQuerySet
from playground.models.runs import (
    ENDED_STATES,
    LEASE,
    LIVE_STATES,
    NO_WORDS,
    Run,
    RunQuerySet,
    RunState,
    StopCause,
)

__all__ = [
    "ENDED_STATES",
    "LEASE",
    "LIVE_STATES",
    "NO_WORDS",
    "Conversation",
    "ConversationQuerySet",
    "Run",
    "RunQuerySet",
    "RunState",
    "StopCause",
]

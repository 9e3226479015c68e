"""Conversations and the runs in them."""

from playground.models.conversations import Conversation, ConversationQuerySet
from playground.models.runs import ENDED_STATES, LIVE_STATES, Run, RunQuerySet, State

__all__ = [
    "ENDED_STATES",
    "LIVE_STATES",
    "Conversation",
    "ConversationQuerySet",
    "Run",
    "RunQuerySet",
    "State",
]

"""Conversations, the runs in them, and drafts of what is to be run."""

from playground.models.continuations import ROW_CHARS, Continuation
from playground.models.conversations import Conversation, ConversationQuerySet
from playground.models.drafts import Draft, DraftQuerySet, DraftState
from playground.models.endings import Ending
from playground.models.ratings import Rating
from playground.models.raw_lines import RawLines, RawLinesQuerySet
from playground.models.runs import LEASE, Run, RunQuerySet
from playground.models.search_texts import SearchText, SearchTextQuerySet
from playground.models.states import ENDED_STATES, LIVE_STATES, LeftOut, Note, RunState, StopCause
from playground.models.words import NO_WORDS

__all__ = [
    "ENDED_STATES",
    "LEASE",
    "LIVE_STATES",
    "NO_WORDS",
    "ROW_CHARS",
    "Continuation",
    "Conversation",
    "ConversationQuerySet",
    "Draft",
    "DraftQuerySet",
    "DraftState",
    "Ending",
    "LeftOut",
    "Note",
    "Rating",
    "RawLines",
    "RawLinesQuerySet",
    "Run",
    "RunQuerySet",
    "RunState",
    "SearchText",
    "SearchTextQuerySet",
    "StopCause",
]

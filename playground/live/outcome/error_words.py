"""Why a run has no whole answer, in the words of those who read it."""

from playground.live.outcome.deadlines import words_for_deadline
from rax import RaxError, TransportError
from teams import error_words


def words_for(error: RaxError) -> str:
    """Return what happened in a sentence, what the API said of it, and what to do."""
    passed = words_for_deadline(error) if isinstance(error, TransportError) else ""
    return passed or error_words.words_for(error)

"""How long a run may wait for the API, and in all; and the words for a deadline that passed."""

from common.templatetags.times import length
from rax import Deadline, Timeouts, TransportError
from teams.models import Key, installed_timeouts

# What happened, and the field of the key that says how long is waited.
WORDS = {
    Deadline.CONNECT: ("No connection to the API was made within {}", "Connect"),
    Deadline.FIRST_TOKEN: ("The API sent nothing for {} before its first token", "First token"),
    Deadline.BETWEEN_TOKENS: ("The API sent nothing for {} in the middle of its answer", "Between tokens"),
    Deadline.WHOLE: ("The answer was not whole after {}", "Whole answer"),
}


def timeouts_of(key: Key | None) -> Timeouts:
    """Return how long a run with this key waits; a key that was deleted meanwhile says nothing more."""
    return key.timeouts() if key else installed_timeouts()


def longest_seconds(key: Key | None) -> int:
    """Return how long a run with this key may last."""
    return int(timeouts_of(key).whole_seconds or 0)


def words_for_deadline(error: TransportError) -> str:
    """Return which deadline passed, how long it was, and what to do; empty where none did."""
    if error.deadline not in WORDS or error.seconds is None:
        return ""
    happened, field = WORDS[error.deadline]
    return f"{happened.format(length(error.seconds))}. Raise “{field}” for this key to wait longer."

"""What people decide about accounts, with the long job that follows done to its end."""

from datetime import datetime

from teams.models import Key, User
from tests.common.jobs import run_jobs
from usage.accounts import sharing, succession
from usage.models import Meter, SharingSuggestion


def count_once(suggestion: SharingSuggestion, by: User | None, now: datetime) -> Meter | None:
    """Count the accounts of a suggestion once; return the meter that counts them."""
    meter = sharing.count_once(suggestion, by, now)
    run_jobs()
    return meter


def count_apart(meter: Meter, by: User | None, now: datetime) -> bool:
    """Count a merged account apart again; tell whether that was possible."""
    is_done = sharing.count_apart(meter, by, now)
    run_jobs()
    return is_done


def split(key: Key) -> Meter | None:
    """Count what a key used with its present secret as another account; return its meter."""
    meter = succession.split(key)
    run_jobs()
    return meter

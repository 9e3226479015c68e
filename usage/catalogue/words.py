"""What changed of a model, in words; names and texts of others are set apart in their direction."""

from datetime import date

from common.templatetags.names import isolated
from usage.models import ModelChange
from usage.models.catalogue import RETIREMENT_FIELDS

# A text is not repeated, only that it is another one.
TEXTS = {"description"}


def changed_figure(change: ModelChange) -> str:
    """`context window 8,192 → 16,384`, `will retire on 26 Jan 2027`: for a change of a figure alone."""
    if change.field in TEXTS:
        return f"another {change.field_words}"
    if change.field in RETIREMENT_FIELDS:
        return _retirement(change)
    return f"{change.field_words} {_value(change.before)} → {_value(change.after)}"


def _retirement(change: ModelChange) -> str:
    """`will retire on 26 Jan 2027, not on 1 Jan 2027`."""
    before, after = (
        text and f"on {date.fromisoformat(text):%-d %b %Y}" for text in (change.before, change.after)
    )
    if not after:
        return "is no longer said to retire"
    return f"will retire {after}, not {before}" if before else f"will retire {after}"


def _value(text: str) -> str:
    """A number grouped, other text as a name; what was not told is said so."""
    if not text:
        return "not told"
    return f"{int(text):,}" if text.isdecimal() else isolated(text)

"""How keys are doing, told apart in the database: many are put in order, counted and found by it."""

from datetime import datetime
from enum import IntEnum
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from teams.models import Key
from teams.models.keys import BY_NAME, KeyQuerySet
from usage.models import Meter
from usage.models.meters.lateness import has_ended, is_late


class State(IntEnum):
    """How a key is doing: what needs a look first, in the order in which the page shows it."""

    REFUSED = 0
    NO_SECRET = 1
    NOT_SEEN = 2
    NEW = 3
    NO_USAGE = 4
    POLLED = 5
    RETIRED = 6

    @property
    def label(self) -> str:
        """What it is called."""
        return LABELS[self]

    @property
    def word(self) -> str:
        """What it is called in an address."""
        return self.name.lower().replace("_", "-")

    @property
    def tone(self) -> str:
        """The colour of its dot."""
        return TONES.get(self, "none")


LABELS = {
    State.REFUSED: "Refused",
    State.NO_SECRET: "No secret",
    State.NOT_SEEN: "Not seen",
    State.NEW: "Not polled yet",
    State.NO_USAGE: "Tells no usage",
    State.POLLED: "Polled",
    State.RETIRED: "Retired",
}
TONES = {State.REFUSED: "bad", State.NO_SECRET: "warn", State.NOT_SEEN: "warn", State.POLLED: "good"}
WORDS = {state.word: state for state in State}
# What a team should look at.
TROUBLES = (State.REFUSED, State.NO_SECRET, State.NOT_SEEN)


def with_state(keys: KeyQuerySet, now: datetime) -> Any:
    """Annotate keys with their `state`, and `counted_with`: the name of the key with which one is counted,
    whose state it shares.
    """
    root = Meter.objects.filter(pk=OuterRef("root"))
    whens = (
        (Q(status=Key.Status.RETIRED), State.RETIRED),
        (Q(status=Key.Status.REFUSED), State.REFUSED),
        (Q(ciphertext=b""), State.NO_SECRET),
        (Q(root=None) | Exists(root.filter(asked_at=None, answered_at=None)), State.NEW),
        (Exists(root.filter(status=Meter.Status.REFUSED)), State.REFUSED),
        (Exists(root.filter(status=Meter.Status.NO_USAGE)), State.NO_USAGE),
        (Exists(root.filter(is_late(now) | has_ended())), State.NOT_SEEN),
    )
    state = Case(
        *(When(condition, then=Value(state)) for condition, state in whens), default=Value(State.POLLED)
    )
    root_name = Coalesce("meter__merged_into__key__name", "meter__merged_into__name", Value(""))
    rooted = keys.annotate(root=Coalesce("meter__merged_into", "meter"), counted_with=root_name)
    return rooted.annotate(state=state)


def by_state(keys: Any) -> Any:
    """Return keys `with_state`, those that need a look first, each by name."""
    return keys.order_by("state", *BY_NAME)

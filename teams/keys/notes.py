"""What the apps above say of keys beside their state; they register, `teams` knows none of them."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from teams.models import Key

# From keys of one team to a sentence about each of those of which there is something to say.
type Teller = Callable[[Sequence[Key]], Mapping[UUID, str]]

_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Ask `teller` too, once for each list that is shown."""
    if teller not in _tellers:
        _tellers.append(teller)


def note(keys: Sequence[Key]) -> None:
    """Give each key its `notes`, a list of sentences."""
    told = [teller(keys) for teller in _tellers]
    for key in keys:
        key.notes = [notes[key.pk] for notes in told if key.pk in notes]

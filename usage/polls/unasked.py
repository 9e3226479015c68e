"""Why a key that could have been polled was not, in words for a terminal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from teams.encryption import SealBroken
from usage.models import Meter
from usage.polls.outcomes import PollOutcome


@dataclass(frozen=True, slots=True)
class Unasked:
    """A key of a team that told nothing, why, and whether it is because its secret cannot be opened."""

    name: str
    team: str
    reason: str
    is_lost: bool = False

    def line(self) -> str:
        """One line for a terminal."""
        return f"{self.name}: {self.reason}"


def unasked(outcomes: Iterable[PollOutcome], since: datetime) -> Iterator[Unasked]:
    """Yield the keys that can be asked and were not since an instant, neither here nor by a worker."""
    asked = {outcome.meter.key_id for outcome in outcomes}
    waiting = Meter.objects.pollable().select_related("key", "team").order_by("pk")
    for meter in waiting.iterator():
        if meter.key_id not in asked and not (meter.asked_at and meter.asked_at >= since):
            yield _why(meter)


def _why(meter: Meter) -> Unasked:
    try:
        if meter.key:
            meter.key.reveal_secret()
    except SealBroken as error:
        return Unasked(meter.title, str(meter.team), f"its secret cannot be opened: {error}.", is_lost=True)
    if meter.next_poll_at > timezone.now():
        return Unasked(
            meter.title,
            str(meter.team),
            f"it waits until {meter.next_poll_at:%H:%M:%S} UTC, as its limits say.",
        )
    return Unasked(meter.title, str(meter.team), "it could not be asked; the log says why.")

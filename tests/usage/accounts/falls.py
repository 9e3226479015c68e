"""A key whose counter fell at noon, what is said of it, and what its team used."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.usage.polled import answer, make_meter
from tests.usage.twins import MINUTE, NOON, PERIOD
from usage.books.answers.answer import Answer
from usage.books.ingest import store
from usage.ledger.words import microseconds, sum_of
from usage.models import Meter, TeamQuarter

# {minutes after noon: tokens}: the fall of noon is confirmed half an hour later.
WAITING = {-20: 600, -10: 700, 0: 40}
CORRECTED = {**WAITING, 10: 45, 20: 50, 30: 55, 40: 60}
HALF_A_SECOND = timedelta(milliseconds=500)
AT = microseconds(NOON + HALF_A_SECOND)


def told(meter: Meter, minutes: int, tokens: int) -> Answer:
    """An answer so long after noon."""
    return answer(meter, NOON + minutes * MINUTE, {"rax-4.0": (tokens, 1)}, *PERIOD)


def fall(cast: Cast, counters: dict[int, int], meter: Meter | None = None) -> Meter:
    """Let a key, the cast's unless a meter is given, tell these counters."""
    meter = meter or make_meter(cast.key, NOON)
    store(told(meter, minutes, tokens) for minutes, tokens in counters.items())
    return meter


def reset_path(meter: Meter, at: int = AT, team: str = "acme") -> str:
    """The address where somebody says that a fall was a reset."""
    return reverse("usage:reset", args=[team, meter.pk, at])


def say(client: Client, meter: Meter) -> None:
    """Say on the page that the fall at noon was a reset; the numbers follow later."""
    assert client.post(reset_path(meter)).status_code == 302


def used(meter: Meter) -> int:
    """The tokens of all time of the meter's team."""
    states = [meter.ledger_state for meter in Meter.objects.for_team(meter.team)]
    return sum(sum_of(state.amounts, "tokens") for state in states if state)


def rows(meter: Meter) -> list[tuple[object, ...]]:
    """Every quarter of the meter's team in which anything moved."""
    found = TeamQuarter.objects.filter(team=meter.team).exclude(amount=0)
    return sorted(found.values_list("metric", "model", "number", "amount"))

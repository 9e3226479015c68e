"""Dots in the menu: where something needs a look, for whoever is on another page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.tellers import Tellers


@dataclass(frozen=True, slots=True)
class Dot:
    """What is to be seen behind the menu's entry for a route, in words; red where something is wrong."""

    route: str
    words: str
    is_wrong: bool


tellers = Tellers[Dot]()


def read(row: Mapping[str, Any], now: datetime) -> dict[str, Dot]:
    """Return the dot of each route that has one: what is wrong before what is to be looked at."""
    found = sorted(tellers.read(row, now), key=lambda dot: dot.is_wrong)
    return {dot.route: dot for dot in found}

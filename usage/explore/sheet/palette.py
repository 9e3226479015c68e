"""Colours of series: told apart by colour-blind people on light and dark, and stable for each name.

One registry for bars, swatches and the stylesheet, whose variables a test compares. No series is amber, red
or green: those say how something goes. A test simulates three kinds of colour blindness (Machado, Oliveira
and Fernandes 2009) over these; neighbours in the list, which often lie upon each other, differ the most.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Colour(NamedTuple):
    """One colour as `#rrggbb`, on a light and on a dark page."""

    light: str
    dark: str


SERIES = (
    Colour("#0059c8", "#0a71df"),
    Colour("#618eff", "#8ffce8"),
    Colour("#772794", "#8488ff"),
    Colour("#c961d1", "#fcaeff"),
    Colour("#788514", "#95a53e"),
    Colour("#0f85a0", "#07a6c9"),
    Colour("#43550c", "#dce37c"),
    Colour("#531b4b", "#9759a7"),
)
OTHER = Colour("#919599", "#64686c")
UNATTRIBUTED = Colour("#5b666f", "#b2bac0")


def colour(number: int | str) -> Colour:
    """The colour of a series by its number: 0 to 7, `other` or `unattributed`."""
    if isinstance(number, int):
        return SERIES[number]
    return OTHER if number == "other" else UNATTRIBUTED


def colour_numbers[Series](places: Mapping[Series, int]) -> dict[Series, int]:
    """The number in SERIES of each shown series, at most as many as there are colours.

    `places` are those in the order in which the team's series first came: a series keeps its colour whatever
    its rank is today. Two only move apart where both are shown and share a place.
    """
    numbers: dict[Series, int] = {}
    free = list(range(len(SERIES)))
    for series in sorted(places, key=lambda one: places[one]):
        number = places[series] % len(SERIES)
        number = number if number in free else free[0]
        free.remove(number)
        numbers[series] = number
    return numbers

"""Colours of series: told apart by colour-blind people on light and dark, and stable for each name.

A test simulates three kinds of colour blindness (Machado, Oliveira and Fernandes 2009) over these.
"""

from collections.abc import Mapping

COLOURS = ("#02657f", "#ffa312", "#8133eb", "#75c2ad", "#b32119", "#b983f0", "#cd7700", "#2b968d")
OTHER_COLOUR = "#8a94a6"
UNATTRIBUTED_COLOUR = "#5f6b7d"


def colour_numbers[Series](places: Mapping[Series, int]) -> dict[Series, int]:
    """The number in COLOURS of each shown series, at most as many as there are colours.

    `places` are those in the order in which the team's series first came: a series keeps its colour whatever
    its rank is today. Two only move apart where both are shown and share a place.
    """
    numbers: dict[Series, int] = {}
    free = list(range(len(COLOURS)))
    for series in sorted(places, key=lambda one: places[one]):
        number = places[series] % len(COLOURS)
        number = number if number in free else free[0]
        free.remove(number)
        numbers[series] = number
    return numbers

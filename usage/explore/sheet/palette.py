"""Colours of series: told apart by colour-blind people on light and dark, and stable for each name.

A test simulates three kinds of colour blindness (Machado, Oliveira and Fernandes 2009) over these.
"""

from collections.abc import Iterable

COLOURS = ("#02657f", "#ffa312", "#8133eb", "#75c2ad", "#b32119", "#b983f0", "#cd7700", "#2b968d")
OTHER_COLOUR = "#8a94a6"
UNATTRIBUTED_COLOUR = "#5f6b7d"


def colour_numbers(known: Iterable[str], shown: Iterable[str]) -> dict[str, int]:
    """The number in COLOURS of each shown name, at most as many as there are colours.

    `known` are all names the team ever had in the order they first came: a name keeps its colour whatever
    its rank is today. Two names only move apart where both are shown and more names than colours are known.
    """
    wanted = set(shown)
    numbers: dict[str, int] = {}
    free = list(range(len(COLOURS)))
    for place, name in enumerate(known):
        if name in wanted and free:
            number = place % len(COLOURS)
            number = number if number in free else free[0]
            free.remove(number)
            numbers[name] = number
    for name in sorted(wanted - numbers.keys())[: len(free)]:
        numbers[name] = free.pop(0)
    return numbers

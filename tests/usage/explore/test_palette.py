"""The colours of series are one registry, and colour-blind people tell them apart on both themes."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from math import atan2, degrees

import pytest

from tests.installation import ROOT
from usage.explore.sheet.palette import OTHER, SERIES, UNATTRIBUTED, colour

SURFACES = {"light": "#ffffff", "dark": "#171b20"}
THEMES = ["light", "dark"]
# Distances in OKLab; what two are at least apart, and two neighbours.
APART, NEIGHBOURS, GREYS = 0.08, 0.12, 0.075


def test_the_stylesheet_knows_the_same_colours() -> None:
    folder = ROOT / "static/usage/explore"
    light, dark = (folder / "variables.css").read_text().split('[data-bs-theme="dark"]')
    rules = (folder / "series.css").read_text()
    for number in [*range(len(SERIES)), "other", "unattributed"]:
        assert f"--series-{number}: {colour(number).light};" in light
        assert f"--series-{number}: {colour(number).dark};" in dark
        assert f".series-{number} {{\n  color: var(--series-{number});\n}}" in rules


# Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency,
# IEEE TVCG 15(6), 2009, at full severity, for linear RGB.
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> list[float]:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]


def oklab(rgb: Sequence[float]) -> list[float]:
    """Björn Ottosson's perceptual colour space, where distances are alike everywhere."""
    to_cones = (
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    )
    to_lab = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    cones = [max(sum(map(float.__mul__, row, rgb)), 0) ** (1 / 3) for row in to_cones]
    return [sum(map(float.__mul__, row, cones)) for row in to_lab]


def seen(eyes: str, colours: Sequence[str]) -> list[list[float]]:
    """Colours as some eyes see them."""
    return [
        oklab([sum(float(a) * b for a, b in zip(row, linear(each), strict=True)) for row in EYES[eyes]])
        for each in colours
    ]


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


def contrast(one: str, other: str) -> float:
    """The ratio of the Web Content Accessibility Guidelines."""
    low, high = sorted(
        sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear(each), strict=True))
        for each in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_any_two_series_are_told_apart(eyes: str, theme: str) -> None:
    series = seen(eyes, [getattr(each, theme) for each in SERIES])
    assert min(distance(*pair) for pair in combinations(series, 2)) > APART
    assert min(distance(*pair) for pair in pairwise(series)) > NEIGHBOURS


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_what_is_no_series_is_told_from_all_of_them(eyes: str, theme: str) -> None:
    *series, other, rest = seen(eyes, [getattr(each, theme) for each in (*SERIES, OTHER, UNATTRIBUTED)])
    assert min(distance(each, grey) for each in series for grey in (other, rest)) > GREYS
    assert distance(other, rest) > NEIGHBOURS


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_stands_out_from_the_page(theme: str) -> None:
    for each in (*SERIES, OTHER, UNATTRIBUTED):
        assert contrast(getattr(each, theme), SURFACES[theme]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_no_series_has_a_colour_that_means_something(theme: str) -> None:
    for each in SERIES:
        _, a, b = oklab(linear(getattr(each, theme)))
        chroma, hue = (a * a + b * b) ** 0.5, degrees(atan2(b, a)) % 360
        is_red_or_amber = hue < 102 or hue > 356
        is_green = 124 < hue < 180
        assert not (chroma > 0.05 and (is_red_or_amber or is_green)), getattr(each, theme)

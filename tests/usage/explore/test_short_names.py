"""Names that stand together differ also where they are shortened."""

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.usage.explore.reading import NOON, PERIOD, page
from tests.usage.polled import answer, make_meter
from usage.books.ingest import store
from usage.explore.sheet.short_names import ROOM, told_apart

LONG = "vendor-" + "x" * 190


def test_what_has_room_stays_as_it_is() -> None:
    assert told_apart([["rax-4.5"], ["Other models"], ["Production", "rax-4.5"]]) == [
        "rax-4.5",
        "Other models",
        "Production · rax-4.5",
    ]


@pytest.mark.parametrize(
    "names",
    [
        [[f"{LONG}-{end}"] for end in ("one", "two")],
        [[f"{start}-{LONG}"] for start in ("one", "two")],
        [[f"{LONG}-{middle}-{LONG}"] for middle in ("one", "two", "three", "one-more")],
        [[f"{LONG}-{key}", f"{LONG}-{model}-{LONG}"] for key in ("one", "two") for model in ("s", "l")],
        [["נ" * 100 + end] for end in ("א", "ב")],
    ],
)
def test_the_longest_names_are_short_and_differ(names: list[list[str]]) -> None:
    found = told_apart(names)
    assert len(set(found)) == len(names)
    assert max(len(re.sub("[\u2068\u2069]", "", name)) for name in found) <= ROOM


@pytest.mark.usefixtures("noon")
def test_the_legend_shows_in_which_they_differ_and_says_all(cast: Cast, alice: Client) -> None:
    names = f"{LONG}-a", f"{LONG}-b"
    store([answer(make_meter(cast.key, NOON), NOON, dict.fromkeys(names, (10, 1)), *PERIOD)])
    legend = page(alice, "?period=billing").partition('id="legend"')[2].partition("</nav>")[0]
    assert re.findall('<bdi class="visually-hidden">([^<]*)', legend) == list(names)
    assert [shown[-2:] for shown in re.findall('<bdi aria-hidden="true">([^<]*)', legend)] == ["-a", "-b"]

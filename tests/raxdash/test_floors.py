"""Imports run one way: between apps, between the rooms of an app, and never in a circle."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.floors import ROOMS, is_below, room_of
from tests.installation import ROOT

# Where Django looks for them.
BY_DJANGO = ("management", "templatetags")
APPS = [room for room in ROOMS if "." not in room]


def modules() -> dict[str, Path]:
    """Every module of the product by its name."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {name_of(path): path for path in paths}


def name_of(path: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = modules()


def asked_by(path: Path) -> Iterator[str]:
    """Yield the modules of ours that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                found = name if name in MODULES else node.module
                if found in MODULES:
                    yield found


@cache
def arrows() -> dict[str, set[str]]:
    """What each module asks; read when a test needs it, for every process of a run loads this file."""
    return {module: set(asked_by(path)) - {module} for module, path in MODULES.items()}


@pytest.mark.parametrize("room", ROOMS)
def test_it_asks_only_rooms_below(room: str) -> None:
    inside = [module for module in MODULES if room_of(module) == room]
    found = {(module, asked) for module in inside for asked in arrows()[module]}
    upwards = {(module, asked) for module, asked in found if not is_below(room_of(asked), room)}
    assert upwards == set()


def test_no_module_asks_in_a_circle() -> None:
    try:
        TopologicalSorter(arrows()).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_every_folder_is_a_room_or_within_one() -> None:
    apps = ("teams", "usage", "playground", "raxdash")
    inside = [module.split(".") for module in MODULES if module.partition(".")[0] in apps]
    within = {".".join(parts) for parts in inside if len(parts) > 2 and parts[1] not in BY_DJANGO}
    assert {module for module in within if "." not in room_of(module)} == set()


def test_a_room_says_what_it_is_for() -> None:
    rooms = [room for room in ROOMS if "." in room]
    assert [room for room in rooms if not ast.get_docstring(ast.parse(MODULES[room].read_text()))] == []

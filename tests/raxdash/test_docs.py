"""What the documents for developers say is so: names, paths, commands, the drawing, the examples."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.floors import ROOMS
from tests.installation import ROOT

DOCUMENTS = [
    "docs/architecture.md",
    "docs/api.md",
    "docs/library.md",
    "rax/README.md",
    "CONTRIBUTING.md",
    "docs/ledger.md",
    "docs/forecast.md",
    "docs/tests.md",
    "README.md",
]
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|md|toml))`")
EXAMPLE = re.compile(r"From `([\w/.]+)`:\n\n```python\n(.*?)```", re.DOTALL)
FOLDERS = ("rax", "common", "teams", "usage", "playground", "raxdash", "tests", "scripts", "bench", "docs")


def text_of(document: str) -> str:
    return (ROOT / document).read_text()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_it_names_exists(document: str) -> None:
    named = {path for path in PATH.findall(text_of(document)) if path.partition("/")[0] in FOLDERS}
    assert {path for path in named if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_page_it_links_to_exists(document: str) -> None:
    linked = re.findall(r"\]\(([\w./-]+\.md)\)", text_of(document))
    folder = (ROOT / document).parent
    assert [path for path in linked if not (folder / path).exists()] == []


def test_every_link_to_a_part_of_a_page_leads_there() -> None:
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    links = {
        (path.parent / (page or path.name), part)
        for path in paths
        for page, part in re.findall(r"\]\(([\w/.]*)#([\w-]+)\)", path.read_text())
    }
    assert {(page.name, part) for page, part in links if part not in parts_of(page)} == set()


def parts_of(page: Path) -> list[str]:
    """Return what the address of each heading ends with; two that are alike would share one."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    names = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(names) == len(set(names)), f"{page.name} has two headings that are alike"
    return names


def test_every_name_of_the_flows_is_defined() -> None:
    text = text_of("docs/architecture.md")
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", text)) | set(re.findall(r"`((?:[A-Z][a-z]+){1,3})`", text))
    code = "\n".join(path.read_text() for folder in FOLDERS[:6] for path in (ROOT / folder).rglob("*.py"))
    assert len(named) > 5
    assert {
        name
        for name in named
        if not re.search(rf"\b(def|class) {name}\b|^\s+{name}\b ?[:=]", code, re.MULTILINE)
    } == set()


def test_the_drawing_is_the_one_that_is_held() -> None:
    drawing = text_of("docs/architecture.md").partition("## The house")[2].partition("\n## ")[0]
    drawn = re.findall(r"^    ([a-z_.]+)(?: |$)", drawing, re.MULTILINE)
    assert drawn == ROOMS


def test_the_examples_are_our_code() -> None:
    examples = EXAMPLE.findall(text_of("CONTRIBUTING.md"))
    assert len(examples) == 3
    assert [path for path, code in examples if code not in (ROOT / path).read_text()] == []


def test_every_command_it_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert named(r"(?:`|^    )make ([a-z-]+)") - targets == set()
    assert named(r"manage\.py ([a-z_]+)\b") - {"help", *get_commands()} == set()


def named(command: str) -> set[str]:
    """Return the commands that any document names, for operators and users too."""
    paths = {*map(ROOT.joinpath, DOCUMENTS), *(ROOT / "docs").glob("*.md")}
    return {name for path in paths for name in re.findall(command, path.read_text(), re.MULTILINE)}


def test_every_room_is_on_the_map() -> None:
    text = text_of("README.md")
    tops = {Path(room.partition(".")[0]) for room in ROOMS}
    assert {str(top) for top in tops if f"`{top}/`" not in text} == set()

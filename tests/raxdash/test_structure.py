"""The house keeps its shape: files stay small, settings are documented."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.installation import ROOT

APPS = ["rax", "common", "teams", "usage", "playground", "raxdash"]
LONGEST_FILE = 300


def sources(app: str) -> Iterator[Path]:
    return (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_the_client_knows_nothing_of_django() -> None:
    assert [path for path in sources("rax") if {"django", "celery"} & set(imports(path))] == []


def test_no_file_grows_a_second_noun() -> None:
    suffixes = {".py", ".html", ".css", ".js"}
    folders = [*APPS, "templates", "static", "tests", "scripts"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_story_waits_by_what_our_pages_refuse() -> None:
    """Playwright looks once by itself; where that is in vain, the page looks, and may evaluate no text."""
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert [path for path in tests if "wait_for_function" in path.read_text()] == []


def test_no_lock_file_names_an_address_to_download_from() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    assert [path.name for path in ROOT.glob("requirements*.lock") if "://" in path.read_text()] == []


def test_every_setting_is_documented() -> None:
    code = "\n".join(
        (ROOT / "raxdash" / name).read_text() for name in ("settings.py", "environment.py", "servers.py")
    )
    read = set(re.findall(r'\benv\w+\(\s*"([A-Z_]+)"', code)) | {"ENCRYPTION_KEYS"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert read - documented == set()
    read_elsewhere = {"HOST", "SIMULATOR_PORT", "FORWARDED_ALLOW_IPS"}  # by Procfile, launcher and server
    in_containers = {"POSTGRES_PASSWORD", "WEB_PORTS", "STOP_GRACE_PERIOD", "SUBNET", "RAXDASH_IMAGE"}
    assert documented - read == read_elsewhere | in_containers


def test_every_setting_can_be_set_in_containers() -> None:
    documented = re.findall(r"^\| (`[A-Z_`, ]+`)", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    offered = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    # A setting that is new in docs/settings.md stands in .env.example too, with its default behind a #.
    assert sorted(offered) == sorted(re.findall("[A-Z_]+", " ".join(documented)))

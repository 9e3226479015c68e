"""Every program that a request can be taken along as is run for real, and sends that very request."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.code.export.languages import LANGUAGES, Language
from tests.installation import ROOT
from tests.node import node
from tests.playground.code.asked import KEY, Asked, asked, requests

pytestmark = pytest.mark.processes

ENDS = {"curl": "sh", "python": "py", "javascript": "mjs"}
# Each runs all programs of a folder, one after the other, in one process.
RUN_PYTHON = """
import pathlib, runpy, sys
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    runpy.run_path(str(path), run_name="__main__")
    print(end="\\0")
"""
RUN_SHELL = 'for file in "$1"/*.sh; do . "$file" || exit 1; printf "\\0"; done'
RUN_SCRIPTS = """
import { readdirSync } from "node:fs";
for (const name of readdirSync(".").sort()) {
  if (!/^\\d+\\.mjs$/.test(name)) continue;
  await import(`./${name}`);
  process.stdout.write("\\0");
}
"""


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """A simulator that keeps what it is asked."""
    with asked(monkeypatch) as record:
        yield record


def command(folder: Path, kind: str, shell: str) -> list[str]:
    """Return what runs the programs of a folder."""
    if kind == "python":
        return [sys.executable, "-c", RUN_PYTHON, str(folder)]
    if kind == "javascript":
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
        (folder / "all.mjs").write_text(RUN_SCRIPTS)
        return [node(), "all.mjs"]
    return [shell, "-c", RUN_SHELL, shell, str(folder)]


def run_all(folder: Path, language: Language, record: Asked, shell: str = "sh") -> str:
    """Write a program for each request and run them all; return what they printed."""
    kind = language.name.partition("-")[0]
    for at, one in enumerate(requests(record.base_url)):
        (folder / f"{at:02}.{ENDS[kind]}").write_text(language.write(one))
    environment = {**os.environ, "RAX_API_KEY": KEY, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
    ran = subprocess.run(
        command(folder, kind, shell),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_it_sends_the_request_and_prints_the_answer(
    tmp_path: Path, recorded: Asked, language: Language
) -> None:
    printed = run_all(tmp_path, language, recorded)
    wanted = [dict(one.payload) for one in requests(recorded.base_url)]
    assert recorded.take() == wanted
    answers = printed.split("\0")[:-1]
    assert len(answers) == len(wanted)
    assert all(answer.strip() for answer in answers)


def test_every_shell_reads_the_command_alike(tmp_path: Path, recorded: Asked) -> None:
    run_all(tmp_path, LANGUAGES[0], recorded, shell="bash")
    assert recorded.take() == [dict(one.payload) for one in requests(recorded.base_url)]


def test_no_key_is_in_a_program() -> None:
    for language in LANGUAGES:
        program = language.write(requests("https://ai.example/v1")[0])
        assert "RAX_API_KEY" in program
        assert KEY not in program

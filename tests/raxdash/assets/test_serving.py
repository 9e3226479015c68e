"""Static files are served beside Django, and guarded as its pages are."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from raxdash.assets.serving import StaticFiles


def get(files: StaticFiles, path: str, method: str = "GET") -> tuple[int, dict[bytes, bytes], bytes]:
    """Ask for one path; return status, headers and body."""
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> None:
        """Nothing is posted."""

    asyncio.run(files({"path": path, "method": method, "headers": []}, receive, send))
    start, *rest = sent
    return start["status"], dict(start["headers"]), b"".join(part["body"] for part in rest)


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret").write_text("secret")
    return StaticFiles(tmp_path / "static", "/static/")


@pytest.mark.parametrize("path", ["/static/icon.svg", "/static/missing"])
def test_what_is_opened_by_itself_runs_nothing(files: StaticFiles, path: str) -> None:
    _, headers, _ = get(files, path)
    assert headers[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"
    assert headers[b"x-content-type-options"] == b"nosniff"


def test_it_serves_what_is_there_and_nothing_above(files: StaticFiles) -> None:
    assert get(files, "/static/icon.svg")[::2] == (200, b"<svg/>")
    assert get(files, "/static/icon.svg", "POST")[0] == 405
    assert get(files, "/static/../secret")[0] == 404

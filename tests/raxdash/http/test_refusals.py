"""What is refused before Django has seen it is told in the language of who asks."""

import json
from typing import Any

import pytest

from raxdash.http.refusals import refuse


async def refused(status: int, path: str, headers: dict[bytes, bytes]) -> tuple[str, bytes]:
    """The content type and the body of a refusal."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await refuse(status, path, headers, send, 2_000_000)
    return dict(sent[0]["headers"])[b"content-type"].decode(), sent[1]["body"]


@pytest.mark.parametrize(("status", "code"), [(408, "too_slow"), (413, "too_large"), (503, "unavailable")])
async def test_programs_are_told_in_json(status: int, code: str) -> None:
    for headers in ({}, {b"hx-request-type": b"partial"}):
        kind, body = await refused(status, "/api/v1/usage", headers)
        assert kind == "application/json"
        assert json.loads(body)["error"]["code"] == code


async def test_browsers_are_told_in_words() -> None:
    assert (await refused(413, "/t/acme/usage/", {}))[0].startswith("text/plain")
    assert (await refused(413, "/t/acme/", {b"hx-request-type": b"partial"}))[0].startswith("text/html")

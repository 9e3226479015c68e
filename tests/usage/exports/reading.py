"""Read files as those who get them do."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

from asgiref.sync import async_to_sync
from django.test import Client

EXPORT = "/t/acme/usage/export"


def answer(client: Client, kind: str, query: str = "", team: str = "acme") -> Any:
    return client.get(f"/t/{team}/usage/export.{kind}?{query}")


def content(response: Any) -> bytes:
    """What is sent, all of it."""
    assert response.status_code == 200, response
    if not response.streaming:
        return response.content

    async def read() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(read)()


def csv_rows(client: Client, query: str = "", team: str = "acme") -> list[dict[str, str]]:
    text = content(answer(client, "csv", query, team)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def json_file(client: Client, query: str = "", team: str = "acme") -> dict[str, Any]:
    return json.loads(content(answer(client, "json", query, team)), parse_float=Decimal)

"""Read what the pages of the proof say, and tell a team's meters numbers for them."""

import re
from datetime import datetime
from html import unescape
from typing import Any

from django.test import Client

from teams.models import Key
from tests.directions import without_directions
from tests.usage.explore.reading import PERIOD, plain
from tests.usage.polled import poll, run
from usage.models import Meter

BILLING = "?period=billing"


def told(
    meter: Meter, at: datetime, tokens: int, period: tuple[datetime, datetime] = PERIOD, missing: int = 0
) -> None:
    """A provider told so many tokens of one model, and a hundredth as many requests."""
    poll(meter, at, {"rax-4.5": (tokens, tokens // 100)}, *period, missing)


def spend(
    key: Key, member_id: int | None, at: datetime, tokens: int, model: str = "rax-4.5", **told: Any
) -> None:
    """Somebody ran something with raxdash itself."""
    run(key, at, tokens, member_id=member_id, model=model, **told)


def body(client: Client, path: str) -> str:
    response = client.get(f"/t/acme/usage/{path}")
    assert response.status_code == 200
    return without_directions(unescape(response.content.decode()))


def words(html: str) -> str:
    """The text of a piece of a page."""
    return re.sub(r" (?=[,.;:])", "", plain(html))


def rows(html: str, table: str) -> list[list[str]]:
    """The cells of a table as words."""
    found = html.partition(f'id="{table}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found.split("</tr>")[:-1])
    return [[words(cell) for cell in row] for row in cells]

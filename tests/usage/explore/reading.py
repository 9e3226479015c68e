"""Read what the usage page says."""

import json
import re
from datetime import UTC, datetime
from html import unescape

from django.test import Client

from usage.models import TeamModel

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERIOD = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
USAGE = "/t/acme/usage/"
# The headers of htmx, which asks for a part of the page.
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def page(client: Client, query: str = "", **headers: str) -> str:
    """The page with its table by time."""
    return page_by_value(client, f"{query}{'&' if query else '?'}table=time", **headers)


def page_by_value(client: Client, query: str = "", **headers: str) -> str:
    """The page with its table by what is grouped."""
    response = client.get(USAGE + query, headers=headers)
    assert response.status_code == 200
    return unescape(response.content.decode())


def plain(html: str) -> str:
    """The words of a piece of a page, without its tags."""
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def figure(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="chart-data">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def id_of(model: str) -> int:
    """How the address of a chart names a model."""
    return TeamModel.objects.get(model=model).pk


def names(drawn: dict) -> list[str]:
    """The series of a figure."""
    return [label for label, _ in drawn["layout"]["meta"]["columns"]]


def drawn_totals(drawn: dict) -> list[int]:
    """What the bars of each series come to."""
    totals = [0] * len(names(drawn))
    for trace in drawn["data"]:
        if "column" in trace["meta"]:
            totals[trace["meta"]["column"]] += sum(filter(None, trace["y"]))
    return totals


def line(drawn: dict, look: str) -> list[tuple[float, int]]:
    """The points of the only trace that looks so."""
    (trace,) = [each for each in drawn["data"] if each["meta"]["look"] == look]
    return list(zip(trace["x"], trace["y"], strict=True))


def told(drawn: dict, place: int) -> list[str]:
    """What the hover box of a bucket says beside its numbers."""
    meta = drawn["layout"]["meta"]
    return [meta["sentences"][number] for number in meta["said"][place]]


def cells(row: str) -> list[str]:
    return re.findall(
        r'<td class="numeric(?: time-\w+)?(?: is-nothing)?">(?:<span.*?</span>)?([^<]*)</td>', row
    )


def number(cell: str) -> int:
    """What is certain of an amount."""
    return int(cell.removeprefix("at least ").replace(",", ""))


def footer(html: str) -> list[int]:
    return list(map(number, cells(html.partition("<tfoot>")[2])))


def headline(html: str, metric: str = "tokens") -> str:
    """The large number of a metric."""
    numbers = re.findall(r'<b class="stat-n">(.*?)</b>', html)
    (found,) = [number for number in numbers if f'id="total-{metric}"' in number]
    return re.sub("<[^>]*>", "", found)


def rows(html: str) -> dict[str, tuple[str, str]]:
    """{bucket: (its mark, its total)} of the table."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    found = {}
    for row in body.split("</tr>")[:-1]:
        label, mark = re.search(r'<th scope="row">([^<]*)(?:<span class="row-mark">([^<]*))?', row).groups()
        found[label] = mark or "", re.findall(r">([^<]*)</td>", row)[-1]
    return found

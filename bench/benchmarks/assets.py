"""What a first visit downloads: the files that real pages name, as the server sends them to a browser."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from bench.figures import Figure
from bench.people import TEAM, Person
from bench.scale import Scale
from bench.stage import raxdash, within

NAME = "Assets: first visit, brotli"
CHART_PAGES = ("usage/",)
OTHER_PAGES = ("playground/", "playground/runs/", "quota/", "models/", "keys/")
# What a page asks for at once; other addresses of files in it are asked for by its scripts, later.
AT_ONCE = re.compile(r'<(?:script|link)\b[^>]*\b(?:src|href)="(/static/[^"]+)"')
NAMED = re.compile(r'"(/static/[^"]+)"')
# What a module asks for when it has arrived.
IMPORTED = re.compile(r'\b(?:import|from)\s*"(\.[^"]+)"')
YEAR_SECONDS = 31_536_000
MOST_CHART_BYTES, MOST_OTHER_BYTES = 470_000, 135_000


@dataclass(frozen=True, slots=True)
class File:
    """A static file as it was sent."""

    sent_bytes: int
    is_for_ever: bool
    imports: frozenset[str]


def measure(scale: Scale) -> list[Figure]:
    """Return the bytes of a chart page and of the heaviest other one. Nothing varies: once is enough."""
    del scale
    with raxdash() as installation:
        within(installation, "history.build", 2, 7)
        within(installation, "people.add", 1)
        installation.start_web()
        return asyncio.run(visits(installation.url))


async def visits(url: str) -> list[Figure]:
    """Visit all pages and weigh their files."""
    async with Person(url, 0) as person, aiohttp.ClientSession(auto_decompress=False) as session:
        chart = {page: await person.read(TEAM + page) for page in CHART_PAGES}
        other = {page: await person.read(TEAM + page) for page in OTHER_PAGES}
        addresses = {found for text in [*chart.values(), *other.values()] for found in NAMED.findall(text)}
        files = await load(session, url, addresses)
    whole = {page: weight(files, NAMED, text) for page, text in chart.items()}
    early = {page: weight(files, AT_ONCE, text) for page, text in chart.items()}
    others = {page: weight(files, NAMED, text) for page, text in other.items()}
    heaviest = max(others, key=lambda page: others[page])
    mortal = sum(not file.is_for_ever for file in files.values())
    return [
        Figure("chart page, all", max(whole.values()), "bytes", bound=MOST_CHART_BYTES),
        # The chart's library must not be among what the table waits for.
        Figure(
            "chart page, before the chart's library", max(early.values()), "bytes", bound=MOST_OTHER_BYTES
        ),
        Figure(f"heaviest other page ({heaviest})", others[heaviest], "bytes", bound=MOST_OTHER_BYTES),
        Figure(f"of {len(files)} files, not cached for ever", mortal, bound=0),
    ]


def weight(files: dict[str, File], which: re.Pattern[str], text: str) -> int:
    """Return the bytes of the files that a page names, and of what those import."""
    needed: set[str] = set()
    found = set(which.findall(text))
    while found:
        needed |= found
        found = {name for address in found for name in files[address].imports} - needed
    return sum(files[address].sent_bytes for address in needed)


async def load(session: aiohttp.ClientSession, url: str, addresses: set[str]) -> dict[str, File]:
    """Ask for files, and for what they import, each once."""
    files: dict[str, File] = {}
    while missing := addresses - files.keys():
        files |= {address: await sent(session, url, address) for address in sorted(missing)}
        addresses = addresses.union(*(files[address].imports for address in missing))
    return files


async def sent(session: aiohttp.ClientSession, url: str, address: str) -> File:
    """Ask for a file as a browser does, and read its text for imports."""
    async with session.get(url + address, headers={"Accept-Encoding": "gzip, deflate, br"}) as answer:
        answer.raise_for_status()
        caching = answer.headers.get("Cache-Control", "")
        age = re.search(r"max-age=(\d+)", caching)
        for_ever = "immutable" in caching and age is not None and int(age[1]) >= YEAR_SECONDS
        sent_bytes = len(await answer.read())
    imports = await imported(session, url, address) if address.endswith(".js") else frozenset()
    return File(sent_bytes, for_ever, imports)


async def imported(session: aiohttp.ClientSession, url: str, address: str) -> frozenset[str]:
    """Return the addresses that a script imports."""
    async with session.get(url + address, headers={"Accept-Encoding": "identity"}) as answer:
        return frozenset(urljoin(address, name) for name in IMPORTED.findall(await answer.text()))

"""People at their browsers: they sign in, press Run, open the answer's stream, press Stop, over real HTTP."""

import asyncio
import html
import re
import uuid
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import orjson

from tests.installation import PASSWORD

FORM = re.compile(r'<form [^>]*id="run-form"[^>]* action="([^"]+)"')
CONNECTION = re.compile(r'hx-sse:connect="([^"]+)"')
CONVERSATION = re.compile(r"/conversations/([0-9a-f-]{36})/")
RUN = re.compile(r'id="run-([0-9a-f-]{36})"')
# The team whose pages are measured, and of which are the first people.
TEAM = "/t/acme/"
# What a person and a team may have going on at once: LIVE_RUNS_PER_PERSON, LIVE_RUNS_PER_TEAM.
RUNS_PER_PERSON, RUNS_PER_TEAM = 8, 32
PEOPLE_PER_TEAM = RUNS_PER_TEAM // RUNS_PER_PERSON


def people_for(runs: int) -> int:
    """Return how many people it takes to have so many runs going on, taking turns."""
    return -(-runs // RUNS_PER_PERSON)


def team_of(number: int) -> str:
    """Return the slug of a member's team."""
    place = number // PEOPLE_PER_TEAM
    return f"team{place}" if place else "acme"


@dataclass(frozen=True, slots=True)
class Started:
    """A run that was started: its id, where its stream is, and of which conversation it is."""

    run_id: str
    stream: str
    conversation: str


class Person:
    """One signed-in browser. Use it as `async with`."""

    def __init__(self, url: str, number: int) -> None:
        self._url = url
        self._email = f"member{number}@example.com"
        self._team = f"/t/{team_of(number)}/"
        self._form = ""
        # What a page knows of its draft.
        self._draft = {"idempotency_key": str(uuid.uuid4()), "draft_id": "", "draft_seen": "0"}

    async def __aenter__(self) -> Self:
        # The server hangs up after five seconds; a POST that meets that is lost.
        connector = aiohttp.TCPConnector(keepalive_timeout=2)
        # unsafe: addresses of numbers get cookies too.
        jar = aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(connector=connector, cookie_jar=jar)
        await self._sign_in()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._session.close()

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        return {cookie.key: cookie.value for cookie in self._session.cookie_jar}

    @property
    def cookie_header(self) -> str:
        """What the browser sends as its cookies."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def read(self, address: str) -> str:
        """Return a page; raise where it is not answered with 200."""
        async with self._session.get(self._url + address) as answer:
            answer.raise_for_status()
            return await answer.text()

    async def fetch(self, address: str) -> bytes:
        """Return what is answered, as it comes; raise where that is not 200."""
        async with self._session.get(self._url + address) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def run(self, model: str, message: str = "Measure this") -> Started:
        """Press Run, as htmx posts the playground's form."""
        form = {"idempotency_key": str(uuid.uuid4()), "message": message, "model": model, "stream": "on"}
        form["unlisted"] = "on"  # the paced API lists no models
        text = await self._post(await self._form_address(), form)
        connection, run, conversation = (part.search(text) for part in (CONNECTION, RUN, CONVERSATION))
        if not connection or not run or not conversation:
            raise RuntimeError(f"the run was not started: {text[:500]}")
        return Started(run[1], html.unescape(connection[1]), conversation[1])

    async def stream_of(self, address: str) -> str:
        """Return where the one stream of a page is."""
        found = CONNECTION.search(await self.read(address))
        if not found:
            raise RuntimeError("the page follows no run")
        return html.unescape(found[1])

    async def save_draft(self, message: str) -> None:
        """Have what was typed saved, as the page posts it; raise where it is not."""
        form = {"message": message, "model": "rax-4.0", "stream": "on", "conversation": "", **self._draft}
        told = orjson.loads(await self._post(f"{self._team}playground/draft/", form))
        if not told["saved"]:
            raise RuntimeError(f"the draft was not saved: {told['why']}")
        self._draft |= {name: told[name] for name in ("draft_id", "draft_seen")}

    async def stop(self, run_id: str) -> None:
        """Press Stop."""
        await self._post(f"{self._team}playground/runs/{run_id}/stop/", {})

    async def _form_address(self) -> str:
        if not self._form:
            form = FORM.search(await self.read(f"{self._team}playground/"))
            if not form:
                raise RuntimeError("the playground shows no form")
            self._form = html.unescape(form[1])
        return self._form

    async def _sign_in(self) -> None:
        address = f"{self._url}/accounts/login/"
        async with self._session.get(address) as page:
            page.raise_for_status()
        form = {"login": self._email, "password": PASSWORD, "csrfmiddlewaretoken": self.cookies["csrftoken"]}
        async with self._session.post(address, data=form, allow_redirects=False) as answer:
            if answer.status != 302:
                raise RuntimeError(f"{self._email} could not sign in: {answer.status}")

    async def _post(self, address: str, form: dict[str, str]) -> str:
        headers = {"HX-Request": "true", "X-CSRFToken": self.cookies["csrftoken"]}
        async with self._session.post(self._url + address, data=form, headers=headers) as answer:
            answer.raise_for_status()
            return await answer.text()


async def run_all(people: list[Person], models: list[str]) -> list[tuple[Person, Started]]:
    """Start a run of each model, the people taking turns, a few at a time; keep the order."""
    few = asyncio.Semaphore(4)

    async def one(number: int, model: str) -> tuple[Person, Started]:
        person = people[number % len(people)]
        async with few:
            return person, await person.run(model)

    return list(await asyncio.gather(*(one(number, model) for number, model in enumerate(models))))

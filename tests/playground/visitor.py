"""Somebody who uses the playground as a browser does, without being one: forms, fragments, event streams."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any, Self
from uuid import UUID, uuid4

import httpx

from tests.installation import PASSWORD, Installation, wait_until

ENDED = ("completed", "stopped", "failed", "ended_early", "interrupted")
OTHER_PASSWORD = "quite another password"
HTMX: dict[str, Any] = {"HX-Request": "true"}
# What `row` tells of a run.
COLUMNS = (
    "turn",
    "state",
    "request",
    "text",
    "reasoning",
    "error_message",
    "error_body",
    "response_headers",
    "stop_cause",
    "finish_reason",
    "tokens_reported",
    "completion_tokens",
)


class Visitor:
    """One person with one session."""

    def __init__(
        self, installation: Installation, email: str = "alice@example.com", url: str | None = None
    ) -> None:
        self.installation = installation
        self.http = httpx.Client(base_url=url or installation.url, timeout=60, trust_env=False)
        self.playground = "/t/acme/playground/"
        self.sign_in(email)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        """Post a form with its CSRF token."""
        token = self.http.cookies.get("csrftoken") or ""
        return self.http.post(path, data={**(data or {}), "csrfmiddlewaretoken": token}, headers=headers)

    def sign_in(self, email: str) -> None:
        """Sign in by the form."""
        self.http.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text

    @contextmanager
    def changed_password(self) -> Iterator[None]:
        """Have another password meanwhile, changed by the form."""
        self.change_password(PASSWORD, OTHER_PASSWORD)
        try:
            yield
        finally:
            self.change_password(OTHER_PASSWORD, PASSWORD)

    def change_password(self, old: str, new: str) -> None:
        """Change the password; this session stays signed in."""
        answer = self.post(
            "/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new}
        )
        assert answer.status_code == 302, answer.text

    def run(self, message: str, **fields: str) -> UUID:
        """Run a prompt and return the run's id."""
        answer = self.press_run(message, **fields)
        found = re.search(r'id="run-([0-9a-f-]{36})"', answer.text)
        assert found, answer.text
        return UUID(found[1])

    def press_run(self, message: str, **fields: str) -> httpx.Response:
        """Post the playground's form as htmx does."""
        form = {"message": message, "model": "rax-4.0", "stream": "on", "idempotency_key": str(uuid4())}
        return self.post(f"{self.playground}start/", {**form, **fields}, **HTMX)

    def stop(self, run: UUID) -> None:
        """Press Stop."""
        assert self.post(f"{self.playground}runs/{run}/stop/", **HTMX).status_code == 204

    def live_runs(self) -> list[UUID]:
        """Return the runs that go on, anybody's."""
        sql = "SELECT id FROM playground_run WHERE state IN ('queued', 'running')"
        return [UUID(str(run)) for (run,) in self.installation.rows(sql)]

    def all_runs(self) -> int:
        """Return how many runs there are, anybody's."""
        ((count,),) = self.installation.rows("SELECT count(*) FROM playground_run")
        return int(count)

    def stop_all(self) -> None:
        """Press Stop on all that go on, and wait until none does."""
        for run in self.live_runs():
            self.stop(run)
        wait_until(lambda: not self.live_runs(), "all runs to end")

    def fragment(self, run: UUID) -> str:
        """Return the run's turn as the page fetches it."""
        return self.http.get(f"{self.playground}runs/{run}/", headers=HTMX).text

    def stream_address(self, run: UUID) -> str:
        """Return the address of the run's event stream, ticket included."""
        address = self.find_stream(run)
        assert address, "the run cannot be followed"
        return address

    def find_stream(self, run: UUID) -> str | None:
        """Return the address of the run's event stream, or None where the page polls, or shows the end."""
        answer = self.http.get(f"{self.playground}stream/", params={"run": str(run)}, headers=HTMX)
        found = re.search(r'hx-sse:connect="([^"]+)"', answer.text)
        return unescape(found[1]) if found else None

    def wait_for_stream(self, run: UUID) -> str:
        """Return the address of the run's event stream as soon as there is one."""
        return wait_until(lambda: self.find_stream(run), "the run to be followed")

    @contextmanager
    def following(self, address: str, **headers: str) -> Iterator[Iterator[dict[str, str]]]:
        """Open an event stream and yield its events, each as fields."""
        with self.http.stream("GET", address, headers=headers) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield events(answer.iter_lines())

    def row(self, run: UUID) -> dict[str, object]:
        """Return the run's row as the database has it."""
        sql = f"SELECT {', '.join(COLUMNS)} FROM playground_run WHERE id = ?"
        identifier = run if "DATABASE_URL" in self.installation.environment else run.hex
        (values,) = self.installation.rows(sql, identifier)
        return dict(zip(COLUMNS, values, strict=True))

    def conversation_of(self, run: UUID) -> str:
        """Return the id of the run's conversation."""
        sql = "SELECT conversation_id FROM playground_run WHERE id = ?"
        ((found,),) = self.installation.rows(sql, run.hex)
        return str(found)

    def runs_of(self, conversation: str) -> list[UUID]:
        """Return the runs of a conversation in order."""
        sql = "SELECT id FROM playground_run WHERE conversation_id = ? ORDER BY turn"
        return [UUID(str(run)) for (run,) in self.installation.rows(sql, conversation)]

    def wait_for_end(self, run: UUID) -> dict[str, object]:
        """Wait until the run has ended, and return its row."""
        wait_until(lambda: self.row(run)["state"] in ENDED, f"the end of run {run}")
        return self.row(run)

    def exchanges(self) -> list[dict[str, object]]:
        """Return the chat requests that the simulator has seen."""
        return [
            one for one in self.installation.control("requests") if str(one["path"]).endswith("/completions")
        ]


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """Read server-sent events."""
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue  # a heartbeat
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value
        elif fields:
            yield fields
            fields = {}


def words(markup: str) -> str:
    """Return the text of some markup, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


PARTIAL = re.compile(
    r'<hx-partial hx-target="#(closed|tail|live)-[^"]+" hx-swap="(\w+)">(.*?)</hx-partial>', re.DOTALL
)


def shown_by(events: list[dict[str, str]]) -> str:
    """Return the answer's words as a page shows them after these messages: words come in pieces."""
    closed = before = after = ""
    for event in events:
        for place, swap, content in PARTIAL.findall(event["data"] if "event" not in event else ""):
            if place == "closed":
                closed = content if swap == "innerHTML" else closed + content
            elif place == "tail":
                head, live, rest = content.partition('<span class="live"')
                grown, _, after = rest.partition("</span>")
                before = head + live + grown
            else:
                before += content
    return words(re.sub(r"</?span[^>]*>", "", closed + before + after))

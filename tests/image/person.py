"""Alice, who uses what runs in the containers: through the proxy, over https."""

import threading
import time
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

from tests.image.containers import SIMULATOR, Containers
from tests.installed import FIRST_START
from tests.playground.visitor import Visitor

WORDS_A_SECOND = 40  # what the simulator of the project is told


class Person(Visitor):
    """A visitor whose browser trusts the proxy, and sends what browsers send over https."""

    def __init__(self, containers: Containers) -> None:
        self.installation: Any = containers
        self.http = httpx.Client(
            base_url=containers.url,
            verify=containers.trust,
            headers={"Referer": f"{containers.url}/"},
            timeout=60,
            trust_env=False,
        )
        self.playground = "/t/acme/playground/"

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> httpx.Response:
        """Post a form with its CSRF token."""
        token = next(value for name, value in self.http.cookies.items() if name.endswith("csrftoken"))
        return self.http.post(path, data={**(data or {}), "csrfmiddlewaretoken": token}, headers=headers)

    def start_first(self) -> None:
        """Create the owner, the team and a key on the page that `manage.py address` names."""
        address = self.installation.manage("address").split()[-1]
        assert address.startswith(self.installation.url), address
        page = self.http.get(address.removeprefix(self.installation.url))
        assert page.status_code == 200, page.status_code
        answer = self.post(str(page.url), FIRST_START | {"base_url": SIMULATOR})
        assert answer.status_code == 302, answer.text

    def run_for(self, seconds: int) -> UUID:
        """Start a run that writes for about this long."""
        return self.run(f"Tell me a long story about half-lives. Write {seconds * WORDS_A_SECOND} words.")

    def text_of(self, run: UUID) -> str:
        """Return the run's state and how much it has written, as the database has it."""
        row = self.row(run)
        return f"{row['state']} with {len(str(row['text']).split())} words"


class Traffic:
    """Somebody who opens one page after the other meanwhile, and counts."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.answered = 0
        self.failed: list[str] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.thread.join()

    def ask(self) -> None:
        """Ask until it is over."""
        while not self.over.is_set():
            for path in ("/healthz", "/t/acme/usage/"):
                self.ask_once(path)
            time.sleep(0.1)

    def ask_once(self, path: str) -> None:
        """Ask for one page and note how that went."""
        try:
            status = self.person.http.get(path).status_code
        except httpx.HTTPError as error:
            self.failed.append(f"{path}: {type(error).__name__}")
            return
        if status == 200:
            self.answered += 1
        else:
            self.failed.append(f"{path}: {status}")

"""People who work in a town until they are told to stop: they run prompts, stop some, and spend elsewhere."""

import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx

from tests.chaos.town import Citizen, Town
from tests.playground.visitor import Visitor

RUN = re.compile(r'id="run-([0-9a-f-]{36})"')
PACE = {"first_token_seconds": 0.1, "chunks_per_second": 60}
# What one person has live at once stays below what anybody may have.
SHORTEST, LONGEST = 10, 240
SERVER_ERROR = 500
TOO_MANY = "as many as one person may have"


class Person(threading.Thread):
    """Somebody who is busy until they go home."""

    def __init__(self, seed: int) -> None:
        super().__init__(daemon=True)
        self._random = random.Random(seed)
        self._ended = threading.Event()

    def end(self) -> None:
        """Go home, after what is just being done."""
        self._ended.set()
        self.join(timeout=90)
        assert not self.is_alive(), "a request is still waiting"


class Worker(Person):
    """One person at one of the web processes. `mishaps` are the requests that did not succeed."""

    def __init__(self, town: Town, citizen: Citizen, url: str, seed: int) -> None:
        super().__init__(seed)
        self._visitor = Visitor(town.installation, citizen.email, url)
        self._visitor.playground = f"/t/{citizen.team}/playground/"
        self._usage = f"/t/{citizen.team}/usage/"
        self._keys = town.key_ids(citizen.team)
        self.citizen = citizen
        self.mishaps: list[str] = []
        self.runs: list[UUID] = []

    def run(self) -> None:
        number = 0
        while not self._ended.is_set():
            number += 1
            try:
                self._work(number)
            except httpx.HTTPError as error:
                self._note(type(error).__name__)
        self._visitor.http.close()

    def _work(self, number: int) -> None:
        tokens = self._random.randint(SHORTEST, LONGEST)
        form = {"max_tokens": str(tokens), "key": self._random.choice(self._keys)}
        answer = self._visitor.press_run(f"Tell story number {number}.", **form)
        if self._went_well(answer):
            if found := RUN.search(answer.text):
                self.runs.append(UUID(found[1]))
                self._see(self.runs[-1])
            else:
                # The runs of a process that was killed are live until their leases are over.
                assert TOO_MANY in answer.text
                self._ended.wait(1)
        self._went_well(self._visitor.http.get(self._usage))

    def _see(self, run: UUID) -> None:
        """Wait for the end of a run, or stop it, or lose interest."""
        patience = self._random.choice([0.2, 1, 5])
        stops = self._random.random() < 1 / 3
        until = time.monotonic() + patience
        while time.monotonic() < until and not self._ended.is_set():
            answer = self._visitor.http.get(f"{self._visitor.playground}runs/{run}/")
            if not self._went_well(answer) or "data-live" not in answer.text:
                return
            self._ended.wait(0.3)
        if stops:
            self._went_well(self._visitor.post(f"{self._visitor.playground}runs/{run}/stop/"))

    def _went_well(self, answer: httpx.Response) -> bool:
        if answer.status_code >= SERVER_ERROR:
            self._note(f"{answer.status_code} {answer.request.method} {answer.request.url.path}")
        return answer.is_success

    def _note(self, mishap: str) -> None:
        self.mishaps.append(mishap)
        self._ended.wait(0.3)


class Elsewhere(Person):
    """Somebody who uses the keys without raxdash."""

    def __init__(self, town: Town, seed: int) -> None:
        super().__init__(seed)
        self._town = town

    def run(self) -> None:
        address = f"{self._town.installation.simulator_url}/chat/completions"
        with httpx.Client(timeout=60, trust_env=False) as client:
            while not self._ended.wait(0.3):
                secret = self._random.choice(list(self._town.secrets.values()))
                model = self._random.choice(["rax-4.0", "rax-4.5"])
                body = {
                    "model": model,
                    "messages": [{"role": "user", "content": "Say hello."}],
                    "max_tokens": self._random.randint(1, 9),
                }
                client.post(
                    address, json=body, headers={"Authorization": f"Bearer {secret}"}
                ).raise_for_status()


class Crowd:
    """Everybody who works in a town."""

    def __init__(self, workers: list[Worker]) -> None:
        self.workers = workers

    def mishaps_of(self, citizen: Citizen) -> list[str]:
        """Return what went wrong for a person's team."""
        return [mishap for worker in self.workers if worker.citizen == citizen for mishap in worker.mishaps]

    def runs_of(self, citizen: Citizen) -> list[UUID]:
        """Return the runs that a person's team has started."""
        return [run for worker in self.workers if worker.citizen == citizen for run in worker.runs]


@contextmanager
def working(town: Town, citizens: list[Citizen], seed: int) -> Iterator[Crowd]:
    """Let people work at each web process of the town, and somebody elsewhere, until the block ends."""
    town.set_pace(PACE)
    elsewhere = Elsewhere(town, seed)
    workers = [
        Worker(town, citizen, url, seed + number)
        for number, (citizen, url) in enumerate((c, url) for c in citizens for url in town.urls)
    ]
    everybody: list[Person] = [elsewhere, *workers]
    for person in everybody:
        person.start()
    try:
        yield Crowd(workers)
    finally:
        for person in everybody:
            person.end()

"""Runs as rows, and visitors who use the real thing over HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page

from playground.live.runner import runner
from playground.live.storage import OWNER
from playground.models import Conversation, Run, RunState
from teams.models import User
from tests.cast import Cast
from tests.installation import Installation
from tests.installed import installed_for_alice
from tests.playground.visitor import Visitor
from tests.servers import new_database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

MakeRun = Callable[..., Run]


@pytest.fixture
def make_run(cast: Cast) -> MakeRun:
    """Save a run of Acme; what is not named is as Bob's first would be."""

    def make(author: User | None = None, **fields: object) -> Run:
        author = author or cast.bob
        conversation = fields.pop("conversation", None) or Conversation.objects.create(
            team=cast.team, author=author, title="Half-lives"
        )
        state = fields.setdefault("state", RunState.COMPLETED)
        if state in {RunState.QUEUED, RunState.RUNNING}:
            fields = {"owner": OWNER, "lease_expires_at": NOON + timedelta(seconds=15)} | fields
        return Run.objects.create(
            **{
                "team": cast.team,
                "author": author,
                "key": cast.key,
                "conversation": conversation,
                "idempotency_key": uuid4(),
                "model": "rax-4.0",
                "parameters": {"stream": True},
                "message": "What is a half-life?",
                **fields,
            }
        )

    return make


@pytest.fixture
def taking_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs be written; nobody carries them out."""
    monkeypatch.setattr(runner, "takes_runs", True)

    async def launch(_order: object) -> None:
        return None

    monkeypatch.setattr(runner, "launch", launch)


@pytest.fixture
def playground(alice: Page, live_raxdash: Installation) -> Page:
    """Alice's playground, empty, with a model chosen."""
    live_raxdash.write("DELETE FROM playground_draft")
    alice.goto(f"{live_raxdash.url}/t/acme/playground/")
    alice.get_by_label("Model").fill("rax-4.0")
    return alice


BACKENDS = ("embedded", "grown up")


def parts(request: pytest.FixtureRequest, kind: str) -> dict[str, str]:
    """Return the settings for SQLite and memory, or for PostgreSQL (a new database) and Redis."""
    if kind == "embedded":
        return {}
    return {
        "DATABASE_URL": new_database(request.getfixturevalue("postgres")),
        "REDIS_URL": request.getfixturevalue("redis_url"),
    }


@pytest.fixture(scope="session")
def grown_up_raxdash(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """As `live_raxdash`, on PostgreSQL and Redis."""
    settings = parts(request, "grown up")
    with installed_for_alice(tmp_path_factory.mktemp("grown-up"), **settings) as installation:
        yield installation


@pytest.fixture(params=BACKENDS)
def visitor(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Alice, signed in to a shared installation by plain HTTP."""
    shared = "live_raxdash" if request.param == "embedded" else "grown_up_raxdash"
    with Visitor(request.getfixturevalue(shared)) as alice:
        yield alice


@pytest.fixture
def in_a_hurry(visitor: Visitor) -> Iterator[None]:
    """For who only waits for the ends of runs: nobody reads along, so the simulator writes at once."""
    set_pace(visitor.installation, 2_000)
    yield
    steer(visitor.installation, {})


def set_pace(installation: Installation, chunks_per_second: float) -> None:
    """Let the simulator begin at once and write this fast."""
    steer(installation, {"first_token_seconds": 0, "chunks_per_second": chunks_per_second})


def steer(installation: Installation, pace: dict[str, float]) -> None:
    """Let the simulator write at another pace; what is not named is as it was at its start."""
    control = f"http://127.0.0.1:{installation.simulator_port}/control/settings"
    assert httpx.put(control, json={"pace": pace}, timeout=60, trust_env=False).is_success

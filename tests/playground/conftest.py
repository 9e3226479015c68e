"""Runs as rows, and visitors who use the real thing over HTTP."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from playground.models import Conversation, Run, State
from playground.storage import OWNER
from teams.models import User
from tests.cast import Cast
from tests.installation import Installation
from tests.playground.visitor import Visitor

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
        state = fields.setdefault("state", State.COMPLETED)
        if state in {State.QUEUED, State.RUNNING}:
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
                "messages": [{"role": "user", "content": "What is a half-life?"}],
                **fields,
            }
        )

    return make


@pytest.fixture
def visitor(live_raxdash: Installation) -> Iterator[Visitor]:
    """Alice, signed in to the shared installation by plain HTTP."""
    with Visitor(live_raxdash) as alice:
        yield alice

"""What somebody wishes to ask, and a run that was answered."""

from typing import Any
from uuid import uuid4

import pytest

from playground.editor.start.starting import Wish, start
from playground.live.outcome.outcomes import RunOutcome, store
from playground.models import Run, RunState
from teams.models import Membership
from tests.cast import Cast


@pytest.fixture
def answered(cast: Cast) -> Run:
    """A run of Bob's that was answered."""
    run = start(wish(cast, "bob")).run
    outcome = RunOutcome(RunState.COMPLETED, answer="42", reasoning="Hm.", finish_reason="stop")
    store(Run.objects.filter(pk=run.pk), outcome)
    return run


def wish(cast: Cast, name: str = "alice", **fields: Any) -> Wish:
    """Return what a member asks; what is not named is as it was asked in `answered`."""
    given = {
        "member": Membership.objects.get(user=getattr(cast, name)),
        "key": cast.key,
        "idempotency_key": uuid4(),
        "model": "rax-4.0",
        "parameters": {"temperature": 0, "stream": True},
        "system_prompt": "",
        "message": "What is the answer?",
        **fields,
    }
    return Wish(**given)

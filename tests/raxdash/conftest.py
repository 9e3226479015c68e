"""Objects of Acme, for routes that name one."""

import pytest

from playground.models import Conversation, Run, State
from tests.cast import Cast


@pytest.fixture
def team_objects(cast: Cast) -> dict[str, dict[str, object]]:
    """The arguments of routes that name an object of the team, beside the team itself."""
    key = {"key_id": cast.key.pk}
    conversation = Conversation.objects.create(team=cast.team, author=cast.bob)
    run = Run.objects.create(
        team=cast.team, conversation=conversation, author=cast.bob, model="rax-4.0", state=State.COMPLETED
    )
    of_run = ("run", "stop", "again", "delete")
    return {"teams:retire_key": key} | {f"playground:{name}": {"run_id": run.pk} for name in of_run}

"""A run of the history stands beside what one writes, as a column of its own."""

import re

import pytest

from playground.models import Conversation, Run, RunState
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.editor.columns.test_columns import get, regions

pytestmark = pytest.mark.django_db


def test_a_run_is_added_as_a_column(cast: Cast, make_run: MakeRun) -> None:
    other = make_run(cast.alice, model="rax-4.5", message="Their words", system_prompt="Be long.")
    page = get(cast, f"?conversation=&run={other.pk}")
    assert regions(page) == ["Column A", "Column B"]
    assert "Their words</textarea>" in page
    assert re.search(r'name="b-model"[^>]*value="rax-4.5"', page)
    # A letter typed into column A would take the place of their words.
    assert links_of("b", page) == {"messages_before", "variables"}
    both = get(cast, f"?conversation={other.conversation_id}&run={other.pk}")
    assert "system_prompt" in links_of("b", both)


def links_of(letter: str, page: str) -> set[str]:
    """Return what of a column is linked."""
    found = re.search(rf'name="{letter}-links"[^>]*value="([^"]*)"', page)
    return set(found[1].split()) if found else set()


def test_a_run_of_another_team_is_added_nowhere(cast: Cast) -> None:
    conversation = Conversation.objects.create(team=cast.other_team, author=cast.charlie)
    fields = {"team": cast.other_team, "conversation": conversation, "model": "their-model"}
    foreign = Run.objects.create(state=RunState.COMPLETED, **fields)
    page = get(cast, f"?conversation=&run={foreign.pk}")
    assert regions(page) == ["Column A"]
    assert "their-model" not in page

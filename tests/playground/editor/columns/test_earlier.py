"""What was said before counts: a copied column takes it along, and columns differ where it does."""

import json
from html import unescape
from typing import Any

import pytest

from playground.editor.columns.changes import change_columns
from playground.editor.columns.differs import differences
from playground.editor.columns.earlier import Said, compared
from playground.models import Draft, Run, RunState
from playground.models.drafts import Fields
from tests.cast import Cast
from tests.playground.conftest import MakeRun
from tests.playground.editor.columns.test_columns import CHANGE, column, get

ASKED, ANSWERED = Said("user", "Which bus?"), Said("assistant", "The last.", is_answer=True)
TYPED = Said("assistant", "The last.")


@pytest.fixture
def talk(make_run: MakeRun) -> Run:
    """A conversation of two turns, the second of which failed; its last turn."""
    first = make_run(
        message="What is {{this}}?", answer="A place.", messages_before=[ASKED.typed, TYPED.typed]
    )
    return make_run(
        conversation=first.conversation, turn=2, parent=first, message="Where?", state=RunState.FAILED
    )


def changed(cast: Cast, change: str, form: dict[str, str]) -> list[Fields]:
    cast.client("bob").post(CHANGE, {**form, "change": change})
    return Draft.objects.get().columns


def messages(column: Fields) -> list[Any]:
    return json.loads(column["messages_before"] or "[]")


def test_a_new_column_takes_along_what_was_said_and_will_be_sent(cast: Cast, talk: Run) -> None:
    typed = json.dumps([{"role": "system", "content": "Be {{tone}}."}])
    form = column("a", "And now?", conversation=str(talk.conversation_id), messages_before=typed)
    _, new = changed(cast, "add", {**form, "links": "message messages_before"})
    assert [(one["role"], one["content"]) for one in messages(new)] == [
        ("user", "Which bus?"),
        ("assistant", "The last."),
        ("user", r"What is \{{this}}?"),
        ("assistant", "A place."),
        ("system", "Be {{tone}}."),
    ]
    assert (new["conversation"], new["message"], new["links"]) == ("", "And now?", "message")


def test_a_copy_has_the_branch_that_is_shown(cast: Cast, talk: Run, make_run: MakeRun) -> None:
    first = talk.conversation.runs.get(turn=1)
    make_run(conversation=talk.conversation, turn=1, message="Another way", answer="Aha.")
    fields = {"conversation": str(talk.conversation_id), "after": str(first.pk)}
    _, new = changed(cast, "copy:a", column("a", "", **fields))
    assert messages(new)[-1]["content"] == "A place."


def test_an_answer_that_is_being_written_is_not_said_yet(cast: Cast, make_run: MakeRun) -> None:
    live = make_run(state=RunState.RUNNING, answer="Half a")
    _, new = changed(cast, "add", column("a", "", conversation=str(live.conversation_id)))
    assert messages(new) == []


def test_a_conversation_of_another_team_is_not_read(cast: Cast, talk: Run) -> None:
    type(talk.conversation).objects.update(team=cast.other_team)
    _, new = changed(cast, "add", column("a", "", conversation=str(talk.conversation_id)))
    assert messages(new) == []


def test_columns_that_go_on_with_other_questions_differ(cast: Cast, talk: Run, make_run: MakeRun) -> None:
    other = make_run(message="Which train?", answer="None.")
    page = unescape(get(cast, f"?conversation={talk.conversation_id}&conversation={other.conversation_id}"))
    assert "<dt>Earlier messages</dt>" in page
    form = column("a", "", conversation=str(talk.conversation_id))
    form |= column("b", "", conversation=str(other.conversation_id))
    saved = cast.client("bob").post("/t/acme/playground/draft/", form).json()
    assert "Earlier messages" in saved["differs"]
    _, cured = changed(cast, "only:a:model", form)
    assert (cured["conversation"], messages(cured)[-1]["content"]) == ("", "A place.")


@pytest.mark.parametrize(
    ("columns", "differ"),
    [
        ([[ASKED, ANSWERED], [ASKED, Said("assistant", "None.", is_answer=True)]], False),
        ([[ASKED, ANSWERED], [ASKED, TYPED]], False),
        ([[ASKED, ANSWERED], [ASKED, Said("assistant", "None.")]], True),
        ([[ASKED, ANSWERED], []], True),
        ([[ASKED], [Said("system", "Which bus?")]], True),
    ],
)
def test_what_models_answer_to_the_same_is_no_difference(columns: list[list[Said]], differ: bool) -> None:
    told = differences([{}] * len(columns), earlier=compared(columns))
    assert [factor.name for factor in told.factors] == ["messages_before"] * differ


def test_the_cure_leaves_conversations_in_which_the_same_was_asked() -> None:
    columns: list[Fields] = [{"conversation": "x", "model": "one"}, {"conversation": "y", "model": "two"}]
    cured = change_columns(columns, "only:a:model", [[ASKED, ANSWERED], [ASKED, ANSWERED]])
    assert [each["conversation"] for each in cured] == ["x", "y"]

"""What is said before the next message of a column: its conversation, then the messages that are typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from playground.editor.form.identifiers import uuid_of
from playground.editor.form.typed_messages import as_json, messages_in, told
from playground.editor.turns.branches import Branch
from playground.editor.turns.dialogue import asked_in, said_in
from playground.models import Conversation, Run
from playground.models.drafts import Fields
from playground.models.runs import Typed
from playground.requests import Message, Speaker
from playground.text.variables import escaped
from teams.models import Team


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it can be typed; `is_answer` where the column's own model said it."""

    role: str
    content: str
    is_answer: bool = False

    @property
    def typed(self) -> Typed:
        """The message as a form keeps it."""
        return {"role": self.role, "content": self.content}


def said_before(column: Fields, turns: Iterable[Run] = (), *, with_live: bool = False) -> list[Said]:
    """Return what is said before the next message of a column that shows these turns.

    What is being written is not said yet, and of its turn nothing is returned; `with_live` its question, and
    that there will be an answer.
    """
    sent = [message for turn in turns if with_live or not turn.is_live() for message in told_in(turn)]
    asked = [
        Said(str(one.speaker), escaped(one.content), is_answer=one.speaker == Speaker.ASSISTANT)
        for one in sent
    ]
    typed = messages_in(column.get("messages_before", ""))
    return [*asked, *(Said(one["role"], one["content"]) for one in typed)]


def told_in(turn: Run) -> list[Message]:
    """Return what is said in a turn, and in one that goes on what will be."""
    return [*asked_in(turn), Message(Speaker.ASSISTANT, "…", turn.pk)] if turn.is_live() else said_in(turn)


def said_before_each(team: Team, columns: Iterable[Fields], *, with_live: bool = False) -> list[list[Said]]:
    """Return what is said before the next message of each column of a page, as `said_before` does."""
    return [said_before(column, turns_of(team, column), with_live=with_live) for column in columns]


def turns_of(team: Team, column: Fields) -> list[Run]:
    """Return the turns with which a column goes on: of the branch in which it was typed."""
    if (identifier := uuid_of(column.get("conversation", ""))) is None:
        return []
    conversation = Conversation.objects.for_team(team).filter(pk=identifier).first()
    return Branch.of(conversation, uuid_of(column.get("after", ""))).runs


def as_field(said: Iterable[Said]) -> str:
    """Return messages as a form keeps them."""
    return as_json(one.typed for one in said)


def compared(columns: Sequence[Sequence[Said]]) -> list[str]:
    """Return for each column a text that is the same where the same was said before.

    What all columns' models answered at one place is no difference between them: it is what comes of one.
    """
    places = [all(one is not None and one.is_answer for one in place) for place in zip_longest(*columns)]
    return [
        told(
            replace(one, content="…").typed if is_answered else one.typed
            for one, is_answered in zip(said, places, strict=False)
        )
        for said in columns
    ]

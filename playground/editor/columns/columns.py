"""The columns of a page: each is a conversation with fields of its own, known by a letter from A to D.

The fields of column A have plain names, those of the others begin with their letter: `message`, `b-message`.
So a page of one column is a form like any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from playground.editor.form.identifiers import uuid_of
from playground.editor.form.run_form import RunForm
from playground.editor.turns.branches import Branch
from playground.editor.turns.turns import Turn
from playground.models import Conversation
from playground.text.diff import Piece

LETTERS = "abcd"
MOST = len(LETTERS)
# What says which column one is and how it goes with the others: nothing that anybody typed.
IDENTITY = frozenset(
    {"conversation", "after", "idempotency_key", "draft", "last_turn", "unlisted", "links"}
    | {"waits_since", "edited_run", "edited_key"}
)


@dataclass(slots=True)
class Column:
    """One column as a page shows it. `form` is None where its reader may not go on."""

    letter: str
    conversation: Conversation | None
    branch: Branch = field(default_factory=Branch)
    turns: list[Turn] = field(default_factory=list)
    form: RunForm | None = None
    # Which words of its texts differ from those of column A, by the names of fields.
    marked: dict[str, list[Piece]] = field(default_factory=dict)

    @property
    def edited_run(self) -> UUID | None:
        """The turn whose message is being edited, if it is one that is shown."""
        named = uuid_of(str(self.form["edited_run"].value() or "")) if self.form else None
        return next((run.pk for run in self.branch.runs if run.pk == named), None)

    @property
    def new_edit(self) -> RunForm | None:
        """A form for another message of one of its turns."""
        if self.form is None:
            return None
        return RunForm(choices=self.form.choices, prefix=self.form.prefix, auto_id="new_%s")

    @property
    def name(self) -> str:
        """Its letter as people read it."""
        return self.letter.upper()

    @property
    def prefix(self) -> str:
        """What the names of its fields begin with."""
        return f"{self.letter}-" if self.letter != LETTERS[0] else ""


def prefix_of(letter: str) -> str | None:
    """Return the prefix of a column's fields, as Django's forms take it."""
    return None if letter == LETTERS[0] else letter


def field_name(letter: str, name: str) -> str:
    """Return the name of a column's field."""
    return name if letter == LETTERS[0] else f"{letter}-{name}"


def letters_in(data: Mapping[str, str]) -> Iterator[str]:
    """Yield the letters of the columns that a form holds: A always, others as far as there are any."""
    yield LETTERS[0]
    for letter in LETTERS[1:]:
        if field_name(letter, "conversation") not in data:
            return
        yield letter


def runnable_in(data: Mapping[str, str]) -> list[str]:
    """Return the letters of the columns that can be run; A where there is none, to hear what is missing."""
    found = [letter for letter in letters_in(data) if field_name(letter, "idempotency_key") in data]
    return found or [LETTERS[0]]

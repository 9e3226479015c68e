"""What differs between the columns of a page, as HTML: told with each change that is saved, and each run."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string

from playground.editor.columns.columns import LETTERS, field_name, letters_in, prefix_of
from playground.editor.columns.differs import differences
from playground.editor.columns.earlier import compared, said_before_each
from playground.editor.columns.marks import TEXTS, marks
from playground.editor.drafts.drafts import DraftForm
from playground.editor.form.choices import Choices
from playground.editor.start.pressing import Press
from playground.models import Run
from playground.models.drafts import Fields
from teams.permissions import Access


def what_differs(access: Access, columns: list[Fields]) -> str:
    """Return the strip of what differs between columns, as HTML."""
    own = own_columns(columns)
    typed, names = list(own.values()), Choices.of(access.membership).key_names
    earlier = compared(said_before_each(access.team, typed, with_live=True))
    found = differences(typed, names, "".join(own), earlier)
    return render_to_string("playground/editor/_differs.html", {"differences": found, "team": access.team})


def what_is_marked(columns: list[Fields]) -> dict[str, str]:
    """Return which words differ from those of one's first column, as HTML by the names of fields."""
    template, own = "playground/editor/_marked.html", own_columns(columns)
    return {
        field_name(letter, name): render_to_string(template, {"pieces": pieces})
        for letter, found in zip(own, marks(list(own.values())), strict=True)
        for name, pieces in found.items()
    }


def own_columns(columns: list[Fields]) -> dict[str, Fields]:
    """Return the columns that can be typed into, by their letters; others show what somebody else asks."""
    return {
        letter: column for letter, column in zip(LETTERS, columns, strict=False) if column["idempotency_key"]
    }


def differs_after(access: Access, data: QueryDict, presses: Iterable[Press]) -> dict[str, Any]:
    """Return what a page of columns shows of differences once these were run: the strip, and what is marked
    beside each text; nothing of a page of one column."""
    columns, _ = read_columns(data)
    if len(columns) < 2:
        return {}
    begun = {one.letter: left_by(one, one.started.run) for one in presses if one.started}
    columns = [{**column, **begun.get(letter, {})} for letter, column in zip(LETTERS, columns, strict=False)]
    marked = what_is_marked(columns)
    places = [field_name(letter, name) for letter in [*own_columns(columns)][1:] for name in TEXTS]
    return {"differs": what_differs(access, columns), "marks": [(one, marked.get(one, "")) for one in places]}


def left_by(one: Press, run: Run) -> Fields:
    """Return what changes in a column once its run has begun: another version of a turn sends no message."""
    sent = {} if one.form["instead_of"].value() else {"message": "", "messages_before": ""}
    return {**sent, "conversation": str(run.conversation_id), "after": ""}


def read_columns(data: QueryDict) -> tuple[list[Fields], str]:
    """Return the columns of a page as they were typed, and why they cannot be kept, in words."""
    forms = [DraftForm(data, prefix=prefix_of(letter)) for letter in letters_in(data)]
    if why := " ".join(form.why_not_kept() for form in forms if not form.is_valid()):
        return [], why
    return [form.fields_typed() for form in forms], ""

"""The fields of columns as they were typed, whatever fields a column has: their labels, and what differs.

A field is called as its form labels it, so that whoever gives columns another field tells nobody here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from playground.editor.columns.columns import IDENTITY, LETTERS
from playground.editor.columns.differs import streamed
from playground.editor.columns.marks import shortened
from playground.editor.form.labels import LABELS
from playground.editor.form.run_form import RunForm
from playground.editor.form.typed_messages import messages_in, told
from playground.models.drafts import Fields
from playground.text.diff import Piece, diff


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a column that differs: its label, and the pieces of both texts."""

    letter: str
    label: str
    pieces: tuple[Piece, ...]
    is_cut: bool = False

    @property
    def column(self) -> str:
        """The column's letter as people read it."""
        return self.letter.upper()


def same_words(ones: Sequence[Fields], others: Sequence[Fields]) -> bool:
    """Tell whether the same was typed into the columns of two pages."""
    return [typed_in(column) for column in ones] == [typed_in(column) for column in others]


def typed_in(column: Fields) -> Fields:
    """Return what somebody typed into a column; what is empty is as good as missing."""
    return {name: value for name, value in column.items() if value and name not in IDENTITY}


def label_of(name: str) -> str:
    """Return what a field is called on the page."""
    if name in LABELS:
        return LABELS[name]
    field = RunForm.base_fields.get(name)
    return str(field.label) if field and field.label else name.replace("_", " ").capitalize()


def shown_value(name: str, typed: str, key_names: Mapping[str, str]) -> str:
    """Return what a field held, as people read it."""
    if name == "stream":
        return streamed(typed)
    if name.endswith("_before"):
        return told(messages_in(typed))
    return key_names.get(typed.strip(), typed) if name == "key" else typed


def changes(
    before: Sequence[Fields], after: Sequence[Fields], key_names: Mapping[str, str]
) -> list[FieldChange]:
    """Return what differs between two pages, by columns and fields; of a column that one lacks, all of it."""
    return [
        FieldChange(letter, label_of(name), *differing(old, new))
        for letter, name, old, new in differences_of(before, after, key_names)
    ]


def changed_fields(
    before: Sequence[Fields], after: Sequence[Fields], key_names: Mapping[str, str]
) -> list[str]:
    """Return which fields differ between two pages, by label, with the column where that is not the first."""
    found = differences_of(before, after, key_names)
    return [
        label_of(name) if letter == LETTERS[0] else f"{label_of(name)} ({letter.upper()})"
        for letter, name, *_ in found
    ]


def differences_of(
    before: Sequence[Fields], after: Sequence[Fields], key_names: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the letter, the field and both values of whatever differs between two pages."""
    missing: Fields = {}
    columns: Iterator[tuple[Fields, Fields]] = zip_longest(before, after, fillvalue=missing)
    for letter, (one, other) in zip(LETTERS, columns, strict=False):
        for name in names_in(one, other):
            old, new = (shown_value(name, column.get(name, ""), key_names) for column in (one, other))
            if old != new:
                yield letter, name, old, new


def differing(old: str, new: str) -> tuple[tuple[Piece, ...], bool]:
    """Return the pieces of two texts, with a few words around what differs, and whether that is not all."""
    found = diff(old, new)
    return tuple(shortened(found.pieces)), found.is_cut


def names_in(*columns: Fields) -> list[str]:
    """Return the names of the fields of columns, words first, in the order in which forms have them."""
    first = dict.fromkeys(("system_prompt", "message"))
    known = dict.fromkeys([*first, *RunForm.base_fields])
    there = dict.fromkeys(name for column in columns for name in column)
    return [name for name in {**known, **there} if name in there and name not in IDENTITY]

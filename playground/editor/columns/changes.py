"""How the columns of a page change: one is added, copied, removed, or linked to the others by its words."""

from collections.abc import Sequence
from uuid import uuid4

from playground.editor.columns.columns import IDENTITY, LETTERS, MOST
from playground.editor.columns.earlier import Said, as_field, compared, said_before
from playground.editor.form.links import LINKS, as_typed, links_in
from playground.editor.form.typed_messages import as_json, change_messages, messages_in
from playground.models.drafts import Fields

# What belongs to an earlier message that is edited.
EDITED = ("edited_run", "edited_key", "edited", "edited_before")
# What no column has of another.
OWN = IDENTITY.union(EDITED)


def change_columns(
    columns: list[Fields], change: str, earlier: Sequence[Sequence[Said]] | None = None
) -> list[Fields]:
    """Return the columns of a page after a change: `add`, `copy:b`, `remove:b`, `link:b:message`,
    `unlink:b:message`, `only:a:model`: all but that as in A; `unedit:a`: no earlier message is edited any
    more; `messages_before:a:up:2`: as `change_messages` says. What cannot be done is not done.

    `earlier` has what is said before the next message of each; without, that is what is typed.
    """
    earlier = earlier or [said_before(column) for column in columns]
    deed, _, rest = change.partition(":")
    letter, _, group = rest.partition(":")
    place = LETTERS.find(letter) if letter else len(columns) - 1
    if not 0 <= place < len(columns):
        return columns
    if deed in {"add", "copy"}:
        return add(columns, place, earlier[place])
    if deed == "remove":
        return columns[:place] + columns[place + 1 :] if len(columns) > 1 else columns
    if deed in {"link", "unlink"} and group in LINKS:
        return linked(columns, place, group) if deed == "link" else unlinked(columns, place, group)
    if deed == "unedit":
        return with_column(columns, place, unedited(columns[place]))
    if deed in {"messages_before", "edited_before"}:
        changed = change_messages(messages_in(columns[place].get(deed, "")), group)
        return with_column(columns, place, {**columns[place], deed: as_json(changed)})
    if deed == "only" and group:
        return differing_in(columns, place, group, earlier)
    return columns


def add(columns: list[Fields], place: int, earlier: Sequence[Said]) -> list[Fields]:
    """Return the columns with one more at the end, a copy of one of them, with all that is said before."""
    return [*columns, begun_anew(columns[place], earlier)] if len(columns) < MOST else columns


def begun_anew(column: Fields, earlier: Sequence[Said]) -> Fields:
    """Return a column as it is in a conversation of its own, with these messages before the next one.

    Those that were said in another conversation are no other column's: they are not linked.
    """
    own = {"conversation": "", "after": "", "idempotency_key": str(uuid4())}
    new = {**unedited(column), **own, "messages_before": as_field(earlier)}
    is_typed = list(earlier) == said_before(column)
    return new if is_typed else with_link(new, "messages_before", on=False)


def with_column(columns: list[Fields], place: int, column: Fields) -> list[Fields]:
    """Return the columns with another one at a place."""
    return [*columns[:place], column, *columns[place + 1 :]]


def unedited(column: Fields) -> Fields:
    """Return a column of which no earlier message is edited."""
    return {**column, **dict.fromkeys(EDITED, "")}


def links_of(column: Fields) -> set[str]:
    """Return what of a column is linked to the others."""
    return links_in(column.get("links", ""))


def with_link(column: Fields, name: str, *, on: bool) -> Fields:
    """Return a column that has a link, or has it no more."""
    links = links_of(column)
    return {**column, "links": as_typed(links | {name} if on else links - {name})}


def unlinked(columns: list[Fields], place: int, group: str) -> list[Fields]:
    """Return the columns where what one holds is its own from now on."""
    return with_column(columns, place, with_link(columns[place], group, on=False))


def linked(columns: list[Fields], place: int, group: str) -> list[Fields]:
    """Return the columns where one has what the linked ones have, and changes with them from now on."""
    others = [column for at, column in enumerate(columns) if at != place and group in links_of(column)]
    _, fields = LINKS[group]
    taken = {name: others[0].get(name, "") for name in fields} if others else {}
    return with_column(columns, place, with_link({**columns[place], **taken}, group, on=True))


def differing_in(
    columns: list[Fields], place: int, name: str, earlier: Sequence[Sequence[Said]]
) -> list[Fields]:
    """Return the columns where all but one field, and what is each one's own, is as in one of them.

    Where something else was said before, a column begins a conversation with what was said in that one.
    """
    kept = {name, "messages_before", *OWN}
    like = {field: value for field, value in columns[place].items() if field not in kept}
    said = compared(earlier)
    return [
        {**column, **like}
        if name == "messages_before" or said[at] == said[place]
        else {**begun_anew(column, earlier[place]), **like}
        for at, column in enumerate(columns)
    ]

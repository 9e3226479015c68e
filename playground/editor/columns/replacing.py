"""Another version of a turn: its message edited, or the same asked again as all is set now."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from django.http import Http404, QueryDict

from playground.editor.columns.columns import field_name, letters_in
from playground.editor.form.identifiers import uuid_of, uuids_in
from playground.editor.form.typed_messages import MessagesInput, as_json
from playground.editor.form.variables import ValuesInput, typed_before, typed_text, values_in, values_of
from playground.models import Run
from playground.text.values import show_values
from teams.models import Membership, Team

# Fields that name turns of a conversation.
NAMING = ("after", "edited_run", "instead_of")


def check_turns(team: Team, data: QueryDict) -> None:
    """Raise `Http404` where a form names a turn that is not the team's."""
    named = {data.get(field_name(letter, name), "") for letter in letters_in(data) for name in NAMING}
    ids = set(uuids_in(filter(None, named)))
    if ids and Run.objects.filter(team=team, pk__in=ids).count() < len(ids):
        raise Http404("No such turn")


def as_edited(data: QueryDict) -> QueryDict:
    """Return the form of a page that runs the edited message of a column, not what is typed as its next.

    `Http404` where it names no column, or that edits none.
    """
    letter = data.get("run", "")
    if letter not in letters_in(data) or not uuid_of(data.get(field_name(letter, "edited_run"), "")):
        raise Http404("No such turn")

    def typed(name: str) -> str:
        return data.get(field_name(letter, name), "")

    return with_fields(
        data,
        letter,
        message=typed("edited"),
        messages_before=MessagesInput().value_from_datadict(data, {}, field_name(letter, "edited_before")),
        instead_of=typed("edited_run"),
        idempotency_key=typed("edited_key"),
    )


def with_fields(data: QueryDict, letter: str, **fields: str) -> QueryDict:
    """Return a form with other values in some fields of a column."""
    changed = data.copy()
    # Fields of single messages would count before those as a whole.
    for part in ("role", "content"):
        changed.pop(field_name(letter, f"messages_before_{part}"), None)
    for name, value in fields.items():
        changed[field_name(letter, name)] = value
    return changed


def with_last_asked_again(member: Membership, data: QueryDict, letters: Iterable[str]) -> QueryDict:
    """Return the form of a page where columns in which nothing is typed ask the last turn they show again."""
    shown = {letter: uuid_of(data.get(field_name(letter, "after"), "")) for letter in letters}
    silent = {letter: turn for letter, turn in shown.items() if turn and is_silent(data, letter)}
    if not silent:
        return data
    own = Run.objects.for_team(member.team).filter(conversation__author=member.user_id, erased_at=None)
    turns = own.in_bulk(list(silent.values()))
    for letter, turn in silent.items():
        if turn in turns:
            data = asked_again(data, letter, turns[turn])
    return data


def is_silent(data: QueryDict, letter: str) -> bool:
    """Tell whether a column has neither a next message nor any that stands before it."""
    before = MessagesInput().value_from_datadict(data, {}, field_name(letter, "messages_before"))
    return not data.get(field_name(letter, "message"), "").strip() and not before


def asked_again(data: QueryDict, letter: str, last: Run) -> QueryDict:
    """Return the form of a page that asks a turn again as all is set now: two presses are one run."""
    typed = ValuesInput().value_from_datadict(data, {}, field_name(letter, "variables"))
    key = uuid_of(data.get(field_name(letter, "idempotency_key"), "")) or UUID(int=0)
    return with_fields(
        data,
        letter,
        message=typed_text(last, "message"),
        messages_before=as_json(typed_before(last)),
        variables=show_values({**values_of(last), **values_in(typed)}),
        instead_of=str(last.pk),
        idempotency_key=str(uuid5(key, f"instead of {last.pk}")),
    )

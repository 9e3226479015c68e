"""Another version of a turn: its message edited, or the same asked again as all is set now."""

from django.http import Http404, QueryDict

from playground.editor.columns.columns import field_name, letters_in
from playground.editor.form.identifiers import uuid_of, uuids_in
from playground.editor.form.typed_messages import MessagesInput
from playground.models import Run
from teams.models import Team

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

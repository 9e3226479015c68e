"""An answer is stale where its question would now be asked otherwise than it was."""

import json
from dataclasses import replace

from django.http import QueryDict
from django.utils import timezone

from playground.code.export.requests import STREAMING
from playground.editor.columns.columns import field_name, prefix_of
from playground.editor.columns.replacing import asked_again, with_fields
from playground.editor.form.choices import Choices
from playground.editor.form.run_form import RunForm
from playground.editor.start.preview import look_up_conversation
from playground.editor.start.starting import CannotStart, Wish, compose
from playground.editor.start.wishes import wish_of
from playground.models import Run
from teams.models import Membership

# Stands for the message, which is that of the last turn, whatever is typed.
ANY_MESSAGE = "?"


def is_stale(wish: Wish) -> bool:
    """Tell whether the last turn of a conversation would be another request with what is set now.

    Its own message is asked, after those that were typed before it, whatever is typed as the next one.
    Whether it streams changes no answer.
    """
    last = last_turn(wish)
    if last is None:
        return False
    same = replace(wish, message=last.message, messages_before=last.messages_before or ())
    return asks_otherwise(same, last)


def last_turn(wish: Wish) -> Run | None:
    """Return the last turn of the branch that a wish goes on with; None where nothing can be said of it."""
    try:
        _, turns = look_up_conversation(wish)
    except CannotStart:
        return None
    return turns[-1] if turns and not turns[-1].is_live() and turns[-1].request else None


def asks_otherwise(wish: Wish, last: Run) -> bool:
    """Tell whether a wish, sent in the place of a turn, would be another request than that was."""
    conversation, turns = look_up_conversation(replace(wish, instead_of=last.pk))
    run, _ = compose(wish, conversation, turns, timezone.now())
    if not run.request or words_of(run) != words_of(last):
        return True
    return asked(run.request.replace(str(run.pk), str(last.pk))) != asked(last.request)


def words_of(run: Run) -> tuple[str, str, object]:
    """Return the words of a run, which its kept request names alone."""
    return run.system_prompt, run.message, run.messages_before or []


def asked(request: str) -> dict[str, object]:
    """Return what a kept request asks, however its answer comes."""
    return {name: value for name, value in json.loads(request).items() if name not in STREAMING}


def stale_turn(member: Membership, choices: Choices, data: QueryDict, letter: str) -> Run | None:
    """Return the last turn that a column of a page shows, where its answer is stale.

    None where its answer is not, and where the column's fields are wrong, so that nothing is known.
    """
    if not data.get(field_name(letter, "conversation")):
        return None
    wish = wish_in(
        member, choices, with_fields(data, letter, message=ANY_MESSAGE, messages_before=""), letter
    )
    last = last_turn(wish) if wish else None
    if last is None:
        return None
    wish = wish_in(member, choices, asked_again(data, letter, last), letter)
    return last if wish and asks_otherwise(wish, last) else None


def wish_in(member: Membership, choices: Choices, data: QueryDict, letter: str) -> Wish | None:
    """Return what a column asks for; None where its fields are wrong."""
    form = RunForm(data, choices=choices, prefix=prefix_of(letter))
    return wish_of(member, form) if form.is_valid() else None

"""Run was pressed: what becomes of each column that is to be run, each for itself."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError

from playground.editor.columns.columns import prefix_of, runnable_in
from playground.editor.form.choices import Choices
from playground.editor.form.identifiers import uuid_of
from playground.editor.form.run_form import RunForm
from playground.editor.start.starting import STOPPING, CannotStart, MustWait, Start, Wish
from playground.editor.start.starting import start as start_run
from playground.editor.start.stored import offered, use_stored
from playground.editor.start.wishes import wish_of
from playground.live.runner import runner
from teams.models import Membership

logger = logging.getLogger(__name__)

STOPPING_CODE = "stopping"
FAULT = "The server could not write this run. Nothing was sent: try again in a moment."


@dataclass(slots=True)
class Press:
    """One column that is to be run: its form, with errors in words, or with what it started."""

    letter: str
    form: RunForm
    # Of a stored answer that was offered: the run whose it is, or `send`; empty where nothing was chosen.
    choice: str = ""
    started: Start | None = None

    @property
    def name(self) -> str:
        """The column's letter as people read it."""
        return self.letter.upper()


def press(member: Membership, data: Mapping[str, str], choice: str = "") -> list[Press]:
    """Start the column that `run` names, or all that a form holds; return what became of each.

    One that is refused leaves the others. `choice` is what was chosen where a stored answer was offered.
    """
    choices = Choices.of(member)
    presses: list[Press] = []
    for letter in pressed_in(data):
        one = Press(letter, RunForm(data, choices=choices, prefix=prefix_of(letter)), choice)
        presses.append(one)
        try:
            begin_column(member, one)
        except DatabaseError:
            # What was written before is carried out all the same.
            if not any(started(presses)):
                raise
            logger.exception("A column could not be started beside others")
            one.form.add_error(None, FAULT)
    return presses


def pressed_in(data: Mapping[str, str]) -> list[str]:
    """Return the letter of the column that `run` names, or of all that a form can run."""
    letters = list(runnable_in(data))
    return [data["run"]] if data.get("run") in letters else letters


def started(presses: list[Press]) -> Iterator[Start]:
    """Yield what was started."""
    return (one.started for one in presses if one.started)


def is_stopping(presses: list[Press]) -> bool:
    """Tell whether nothing was started because the server is being stopped."""
    return all(one.form.has_error(NON_FIELD_ERRORS, STOPPING_CODE) for one in presses)


def begin_column(member: Membership, one: Press) -> None:
    """Write the run of a column, or say in its form why not."""
    form = one.form
    if not form.is_valid():
        return
    if not runner.takes_runs:
        form.add_error(None, ValidationError(STOPPING, STOPPING_CODE))
        return
    try:
        one.started = start_or_offer(wish_of(member, form), one)
    except MustWait as problem:
        form.wait_until(problem.reason, problem.seconds)
    except CannotStart as problem:
        form.add_error(None, str(problem))


def start_or_offer(wish: Wish, one: Press) -> Start | None:
    """Start what is wished for, with a stored answer where one was chosen; None where one is offered."""
    if taken := uuid_of(one.choice):
        return use_stored(wish, taken)
    one.form.stored = offered(wish, one.choice)
    return None if one.form.stored else start_run(wish)

"""With what a page begins: the columns of its address, as they were typed, as they ran, or as copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.editor.choices import Choices
from playground.editor.columns import LETTERS, MOST, Column, prefix_of
from playground.editor.drafts import belongs, initial_of_draft
from playground.editor.forms import RunForm, going_on_from, initial_of
from playground.editor.identifiers import uuid_of
from playground.models import Conversation, Draft, Run, RunState
from teams.models import Membership, Team

type Initial = dict[str, Any]


@dataclass(slots=True)
class Beginning:
    """How a column begins: its conversation with its runs, and what its fields hold."""

    conversation: Conversation | None
    runs: list[Run]
    initial: Initial

    def column(self, letter: str, choices: Choices, member: Membership) -> Column:
        """Return the column, with a form for who may go on with it."""
        column = Column(letter, self.conversation)
        if self.conversation is None or self.conversation.author_id == member.user_id:
            last = going_on_from(self.runs[-1]) if self.runs else {"conversation": None}
            column.form = RunForm(initial={**self.initial, **last}, choices=choices, prefix=prefix_of(letter))
        return column


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: conversations, None for new ones; the run to begin as; runs to add."""

    conversations: list[Conversation | None]
    origin: Run | None
    added: list[Run]


def beginnings(member: Membership, choices: Choices, asked: Asked, draft: Draft | None) -> list[Beginning]:
    """Return how the columns of a page begin, as many as it has; `draft` is one that belongs here."""
    if draft:
        found = [of_draft(member, column, draft) for column in draft.columns]
    else:
        found = of_address(member, choices, asked)
    found += [Beginning(None, [], as_run(run)) for run in asked.added]
    return found[:MOST]


def draft_for(asked: Asked, draft: Draft | None) -> Draft | None:
    """Return the draft if the page begins with it."""
    here = [str(one.pk) if one else "" for one in asked.conversations]
    return draft if draft and draft.columns and not asked.origin and belongs(draft, here) else None


def of_draft(member: Membership, column: dict[str, str], draft: Draft) -> Beginning:
    """Return how a column begins that was typed: in its conversation, while there is that."""
    conversation = conversation_of(member.team, column.get("conversation", ""))
    return Beginning(conversation, runs_of(conversation), initial_of_draft(column, draft.page))


def of_address(member: Membership, choices: Choices, asked: Asked) -> list[Beginning]:
    """Return how the columns of an address begin: as their last turns were, new ones as the one before."""
    found: list[Beginning] = []
    for conversation in asked.conversations or [None]:
        runs = runs_of(conversation)
        if not runs and found:
            initial = found[-1].initial
        else:
            initial = initial_form(member, choices, runs, asked.origin)
        found.append(Beginning(conversation, runs, initial))
    return found


def conversation_of(team: Team, named: str) -> Conversation | None:
    """Return the team's conversation of this id; None where there is none such."""
    identifier = uuid_of(named)
    return Conversation.objects.for_team(team).filter(pk=identifier).first() if identifier else None


def runs_of(conversation: Conversation | None) -> list[Run]:
    """Return the turns of a conversation."""
    return list(Run.objects.turns_of(conversation).with_people()) if conversation else []


def initial_form(member: Membership, choices: Choices, runs: Sequence[Run], origin: Run | None) -> Initial:
    """Return with what a form begins: as the last turn was, or as `origin` was, or with only a model."""
    if runs:
        return initial_of(runs[-1])
    if origin:
        return as_run(origin)
    # What failed may have been mistyped.
    own = Run.objects.for_team(member.team).filter(author=member.user_id)
    last = own.exclude(state=RunState.FAILED).first()
    first_model = next(iter(choices.model_names), "")
    return {"model": last.model if last else first_model, "key": str(last.key_id) if last else ""}


def as_run(run: Run) -> Initial:
    """Return what a form holds that asks the same as a run."""
    return {**initial_of(run), "message": run.message}


def lettered(
    found: Sequence[Beginning], choices: Choices, member: Membership
) -> list[tuple[Column, list[Run]]]:
    """Return the columns of a page in order, each with its runs."""
    letters = zip(found, LETTERS, strict=False)
    return [(one.column(letter, choices, member), one.runs) for one, letter in letters]

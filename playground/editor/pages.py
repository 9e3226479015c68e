"""With what a page begins: the columns of its address, as they were typed, as they ran, or as copies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from playground.editor.columns.columns import LETTERS, MOST, Column, prefix_of
from playground.editor.drafts.drafts import belongs, initial_of_draft
from playground.editor.examples import Example, example_named, examples
from playground.editor.form.choices import Choices
from playground.editor.form.identifiers import uuid_of
from playground.editor.form.links import AT_FIRST, as_typed, links_alike, links_in
from playground.editor.form.memory import going_on_from
from playground.editor.form.run_form import RunForm, initial_of
from playground.editor.form.typed_messages import as_json
from playground.editor.form.variables import typed_before, typed_earlier, typed_text, values_in, values_of
from playground.editor.turns.branches import Branch
from playground.models import Conversation, Draft, Run, RunState
from playground.text.values import show_values
from playground.text.variables import escaped
from teams.models import Membership, Team

type Initial = dict[str, Any]


@dataclass(slots=True)
class Beginning:
    """How a column begins: a branch of its conversation, and what its fields hold."""

    conversation: Conversation | None
    branch: Branch
    initial: Initial

    def column(self, letter: str, choices: Choices, member: Membership) -> Column:
        """Return the column, with a form for who may go on with it."""
        column, runs = Column(letter, self.conversation, self.branch), self.branch.runs
        if self.conversation is None or self.conversation.author_id == member.user_id:
            last = going_on_from(runs[-1]) if runs else {"conversation": None}
            column.form = RunForm(initial={**self.initial, **last}, choices=choices, prefix=prefix_of(letter))
        return column


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: conversations, None for new ones; the run to begin as; runs to add; turns
    by their conversations, whose branches are shown; a turn whose message is edited; a draft's number; a turn
    whose answer is used as the next message; a run whose values are taken; the name of an example."""

    conversations: list[Conversation | None]
    origin: Run | None
    added: list[Run]
    branches: dict[UUID, UUID] = field(default_factory=dict)
    edited: Run | None = None
    draft_id: int | None = None
    used: Run | None = None
    valued: Run | None = None
    example: str = ""


def beginnings(member: Membership, choices: Choices, asked: Asked, draft: Draft | None) -> list[Beginning]:
    """Return how the columns of a page begin, as many as it has; `draft` is one that belongs here."""
    if draft:
        found = [of_draft(member, column, draft, asked) for column in draft.columns]
    else:
        found = of_address(member, choices, asked)
    for one in found:
        begin_editing(one, asked.edited)
        use_answer(one, asked.used)
        take_values(one, asked.valued)
    found += [Beginning(None, Branch(), beside(found[0].initial, as_run(run))) for run in asked.added]
    return found[:MOST]


def beside(first: Initial, added: Initial) -> Initial:
    """Return how a column begins that is added beside a first one: linked in what both have in common."""
    return {**added, "links": as_typed(links_alike(first, added))}


def begin_editing(one: Beginning, run: Run | None) -> None:
    """Let the message of a turn be edited, in the column that shows it; what was typed there stays."""
    if run and run in one.branch.runs and one.initial.get("edited_run") != str(run.pk):
        values = {**values_of(run), **values_in(str(one.initial.get("variables", "")))}
        before = as_json(typed_before(run))
        one.initial |= {"edited_run": str(run.pk), "edited": typed_text(run, "message")}
        one.initial |= {"edited_before": before, "variables": show_values(values)}


def take_values(one: Beginning, run: Run | None) -> None:
    """Put the values of a run's variables in the place of those that a column has."""
    if run:
        values = {**values_in(str(one.initial.get("variables", ""))), **values_of(run)}
        one.initial |= {"variables": show_values(values)}


def use_answer(one: Beginning, run: Run | None) -> None:
    """Put the answer of a turn into the next message, in the column that shows it, below what was typed."""
    if run and run in one.branch.runs:
        answer = escaped(next(shown.answer for shown in one.branch.runs if shown == run))
        typed = one.initial.get("message", "")
        one.initial |= {"message": f"{typed}\n\n{answer}" if typed.strip() else answer}


def draft_for(asked: Asked, drafts: Sequence[Draft]) -> Draft | None:
    """Return the draft with which the page begins: the one it names, else the newest that belongs there."""
    filled = [draft for draft in drafts if draft.conversations]
    if named := [draft for draft in filled if draft.pk == asked.draft_id]:
        return named[0]
    if asked.origin or asked.example:
        return None
    here = [str(one.pk) if one else "" for one in asked.conversations]
    return next((draft for draft in filled if belongs(draft, here)), None)


def of_draft(member: Membership, column: dict[str, str], draft: Draft, asked: Asked) -> Beginning:
    """Return how a column begins that was typed: in its conversation, while there is that, and where nothing
    else is asked for, in the branch in which that was."""
    conversation = conversation_of(member.team, column.get("conversation", ""))
    named = asked.branches.get(conversation.pk) if conversation else None
    branch = Branch.of(conversation, named or uuid_of(column.get("after", "")))
    return Beginning(conversation, branch, initial_of_draft(column, draft.page))


def of_address(member: Membership, choices: Choices, asked: Asked) -> list[Beginning]:
    """Return how the columns of an address begin: as their last turns were, new ones as the one before."""
    if asked.example and (example := example_named(asked.example, choices.model_names)):
        return of_example(initial_form(member, choices, (), None), example)
    found: list[Beginning] = []
    for conversation in asked.conversations or [None]:
        branch = Branch.of(conversation, asked.branches.get(conversation.pk) if conversation else None)
        if not branch.runs and found:
            initial = found[-1].initial
        else:
            initial = initial_form(member, choices, branch.runs, asked.origin)
        found.append(Beginning(conversation, branch, initial))
    return found


def of_example(initial: Initial, example: Example) -> list[Beginning]:
    """Return how the columns of an example begin: as empty ones would, with what it says."""
    models = example.models or [initial["model"]]
    return [Beginning(None, Branch(), {**initial, **example.fields, "model": model}) for model in models]


def examples_for(columns: Sequence[Column], choices: Choices) -> list[Example]:
    """Return the examples that a page offers: where somebody who has run nothing yet finds it empty."""
    first, *others = columns
    if others or first.conversation or first.form is None or not choices.keys:
        return []
    # Who has run something begins with the key of that; who writes something needs none.
    begins_with = {first.form.initial.get(name) or "" for name in ("key", "message", "system_prompt")}
    return examples(choices.model_names) if begins_with == {""} else []


def conversation_of(team: Team, named: str) -> Conversation | None:
    """Return the team's conversation of this id; None where there is none such."""
    identifier = uuid_of(named)
    return Conversation.objects.for_team(team).filter(pk=identifier).first() if identifier else None


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
    return {"model": last.model, "key": str(last.key_id)} if last else {"model": first_model, "key": ""}


def as_run(run: Run) -> Initial:
    """Return what a form holds that asks the same as a run."""
    before = as_json(typed_earlier(run))
    links = links_in(AT_FIRST) - ({"messages_before"} if before else set())
    asked = {"message": typed_text(run, "message"), "messages_before": before, "links": as_typed(links)}
    return {**initial_of(run), **asked}


def lettered(found: Sequence[Beginning], choices: Choices, member: Membership) -> list[Column]:
    """Return the columns of a page in order."""
    return [one.column(letter, choices, member) for one, letter in zip(found, LETTERS, strict=False)]

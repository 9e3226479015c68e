"""The list of the history: conversations with their turns together, or what a question finds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Left

from common.lists import ListAddress, ListPage
from playground.models import Conversation, Run, RunQuerySet
from playground.search.entries import MOST_CHARS, rating_of
from playground.search.finding import MOST_CANDIDATES, NEWEST, find, has_more_candidates
from playground.search.questions import MOST_TERMS, Question
from playground.search.snippets import Piece, snippet_of
from teams.permissions import Access

PER_PAGE = 25
# Of a conversation so many turns are listed; the others are on its own page.
TURNS_SHOWN = 5
# Of what a question finds so much can be paged through; all of it can be exported.
MOST_FOUND = 1_000
MOST_EXCERPTS = 2
# What a run holds that its row in the list does not show.
NOT_LISTED = (
    *("system_prompt", "messages_before", "template", "request", "left_out", "response_headers", "reasoning"),
    "answer",
    *("limits", "notes", "error_message", "error_body", "error_type", "error_param"),
)
TEXTS = {"Answer": "answer", "Thinking": "reasoning", "System prompt": "system_prompt", "Refusal": "refusal"}


class Excerpt(NamedTuple):
    """Where a run has what was looked for."""

    label: str
    pieces: list[Piece]


@dataclass(slots=True)
class Row:
    """A run of the list."""

    run: Run
    excerpts: list[Excerpt] = field(default_factory=list)

    @property
    def rating(self) -> object:
        """What the team thinks of it."""
        return rating_of(self.run)


@dataclass(slots=True)
class Group:
    """A conversation with those of its turns that are listed, and how many earlier ones it has."""

    conversation: Conversation
    rows: list[Row]
    earlier: int = 0

    @property
    def is_single(self) -> bool:
        """Whether its one turn says all."""
        return len(self.rows) == 1 and not self.earlier


@dataclass(slots=True)
class Listing:
    """A page of the history."""

    page: ListPage[Any]
    groups: list[Group]
    count: int
    remarks: list[str] = field(default_factory=list)


def conversations(access: Access, address: ListAddress) -> Listing:
    """Return a page of the team's conversations, the one that was gone on with last first."""
    runs = Run.objects.for_team(access.team)
    if address["by"] == "me":
        runs = runs.filter(author=access.membership.user_id)
    page = address.page_of(listed(newest_turns(runs)), PER_PAGE)
    return Listing(page, list(with_turns(list(page))), page.paginator.count)


def found(access: Access, address: ListAddress, question: Question) -> Listing:
    """Return a page of what a question finds, with where it stands; the newest first."""
    places = find(access.team, question, MOST_FOUND)
    page = address.page_of(places, PER_PAGE)
    runs = in_order(access, [place.run_id for place in page], question)
    groups = [
        Group(turns[0].conversation, [Row(run, list(excerpts(run, question))) for run in turns])
        for turns in (list(turns) for _, turns in groupby(runs, key=lambda run: run.conversation_id))
    ]
    return Listing(page, groups, len(places), list(remarks(access, question, len(places))))


def newest_turns(runs: RunQuerySet) -> RunQuerySet:
    """Return of each conversation the run after which there is none."""
    same = Run.objects.with_words().filter(conversation=OuterRef("conversation"))
    at = OuterRef("created_at")
    later = same.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=OuterRef("pk")))
    return runs.filter(~Exists(later))


def listed(runs: RunQuerySet) -> RunQuerySet:
    """Fetch what rows show."""
    return runs.with_people().with_endings().defer(*NOT_LISTED)


def with_turns(heads: Sequence[Run]) -> Iterator[Group]:
    """Yield the conversations of these runs, their last ones, with their last turns; in two queries."""
    last = Q(pk__in=[])
    for head in heads:
        last |= Q(conversation=head.conversation_id, turn__gt=head.turn - TURNS_SHOWN)
    turns = list(listed(Run.objects.with_words().filter(last)).order_by("created_at", "pk"))
    counts = counts_of([head.conversation_id for head in heads])
    for head in heads:
        mine = [run for run in turns if run.conversation_id == head.conversation_id][-TURNS_SHOWN:]
        yield Group(head.conversation, list(map(Row, mine)), counts[head.conversation_id] - len(mine))


def counts_of(conversation_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many turns conversations have."""
    turns = Run.objects.with_words().filter(conversation__in=conversation_ids).order_by()
    return dict(turns.values_list("conversation").annotate(Count("pk")))


def in_order(access: Access, run_ids: Sequence[UUID], question: Question) -> list[Run]:
    """Return runs in the order of their ids, with the texts in which a question may stand."""
    runs = listed(Run.objects.for_team(access.team))
    if question.wanted:
        runs = runs.annotate(**{f"{name}_text": Left(name, MOST_CHARS) for name in TEXTS.values()})
        runs = runs.annotate(before=F("messages_before"))
    return runs.in_order_of(run_ids)


def excerpts(run: Run, question: Question) -> Iterator[Excerpt]:
    """Yield where a run has what was looked for, in a few of its texts."""
    pieces = ((label, snippet_of(text, question.wanted)) for label, text in texts_of(run, question))
    yield from [Excerpt(label, found) for label, found in pieces if found][:MOST_EXCERPTS]


def texts_of(run: Run, question: Question) -> Iterator[tuple[str, str]]:
    """Yield the texts of a run, by their names, where words were looked for."""
    if question.wanted:
        yield "Message", run.message[:MOST_CHARS]
        typed_before = getattr(run, "before", None) or []
        yield from (("Earlier message", one["content"][:MOST_CHARS]) for one in typed_before)
        yield from ((label, getattr(run, f"{name}_text")) for label, name in TEXTS.items())
        if rating := rating_of(run):
            yield "Note", rating.note


def remarks(access: Access, question: Question, count: int) -> Iterator[str]:
    """Yield what is to be known of what was found."""
    if question.has_no_words:
        yield "There are no letters or digits to look for in this."
    if question.left_out:
        yield f"Only the first {MOST_TERMS} words count; {question.left_out} more were left out."
    if count == MOST_FOUND:
        yield f"These are the newest {MOST_FOUND:,}. Filters find older ones; a file has all."
    if question.wanted:
        yield f"Parts of words, and words without spaces between, are found in the newest {NEWEST:,} runs."
    if count < MOST_FOUND and has_more_candidates(access.team, question):
        yield f"Phrases were looked up in the newest {MOST_CANDIDATES:,} runs that have all their words."

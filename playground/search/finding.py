"""The runs of a team that a question finds, newest first: always this team's alone, and never more work than
a page can wait for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from playground.models import Run
from playground.search.engines import Marks, asking, holds, way_to
from playground.search.entries import COLUMNS, Entry, rating_of
from playground.search.questions import Question
from playground.search.terms import Fact, fact_term, term_of
from teams.models import Team

# Parts of words, such as Chinese ones or of names of programs, are looked for in so many of the newest runs.
NEWEST = 5_000
# Whether words stand together is looked up in so many of the newest runs that have them all.
MOST_CANDIDATES = 10_000
MOST_LIVE = 200


class Found(NamedTuple):
    """A run, and its place in the history."""

    place: int
    run_id: UUID


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a statement's WHERE, with its parameters."""

    words: str
    params: tuple[Any, ...]

    @classmethod
    def all_of(cls, conditions: Iterable["Condition"]) -> "Condition":
        """Return the condition that all of these hold."""
        given = list(conditions)
        words = "".join(f" AND {condition.words}" for condition in given)
        return cls(words, tuple(param for condition in given for param in condition.params))


def find(team: Team, question: Question, most: int) -> list[Found]:
    """Return the newest runs that a question finds, so many at most.

    Whole words are looked for in all runs, parts of words in the newest. What is still being written is not
    in the index yet, and is read as it is.
    """
    if question.has_no_words:
        return []
    found = set(find_by_words(team, question, most)) | set(find_live(team, question))
    if question.wanted:
        found |= set(find_by_parts(team, question, most))
    return sorted(found, reverse=True)[:most]


def find_all(team: Team, question: Question, at_once: int) -> Iterator[list[Found]]:
    """Yield all that a question finds, so many at once."""
    while found := find(team, question, at_once):
        yield found
        question = replace(question, before=found[-1].place)


def find_by_words(team: Team, question: Question, most: int) -> list[Found]:
    """Return the newest runs with these words; phrases are looked up in those that have all their words."""
    way = way_to(marks_of(team, question))
    together = Condition.all_of(
        [
            *(has("words", term.whole) for term in question.phrases),
            *(lacks("words", term.whole) for term in question.other_phrases),
        ]
    )
    candidates = MOST_CANDIDATES if together.words else most
    # The team is asked for once more: no mark alone keeps teams apart.
    statement = f"""
        SELECT kept.id, kept.run_id FROM ({way.statement}) kept
        WHERE kept.team_id = %s{together.words} ORDER BY kept.id DESC LIMIT %s
    """  # noqa: S608  our own words alone
    asked = (way.expression, question.since, question.before, candidates)
    return read(statement, [*asked, team.pk, *together.params, most])


def has_more_candidates(team: Team, question: Question) -> bool:
    """Tell whether there are more runs with the words of its phrases than are looked up."""
    if not question.phrases and not question.other_phrases:
        return False
    way = way_to(marks_of(team, question))
    with asking() as cursor:
        statement = f"""
            SELECT id FROM ({way.statement}) candidate LIMIT 1 OFFSET {MOST_CANDIDATES}
        """  # noqa: S608  our own words alone
        cursor.execute(statement, [way.expression, question.since, question.before, MOST_CANDIDATES + 1])
        return cursor.fetchone() is not None


def find_by_parts(team: Team, question: Question, most: int) -> list[Found]:
    """Return those of the newest runs that have these words, perhaps within longer ones."""
    conditions = Condition.all_of(
        [
            *(has("terms", f" {fact} ") for fact in question.facts),
            *(lacks("terms", f" {fact} ") for fact in question.other_facts),
            *(has("words", term.part) for term in question.wanted),
            *(lacks("words", term.whole) for term in question.unwanted),
        ]
    )
    statement = f"""
        SELECT kept.id, kept.run_id FROM (
            SELECT id, run_id, words, terms FROM playground_searchtext
            WHERE team_id = %s ORDER BY id DESC LIMIT {NEWEST}
        ) kept
        WHERE kept.id >= %s AND kept.id < %s{conditions.words} ORDER BY kept.id DESC LIMIT %s
    """  # noqa: S608  our own words alone
    return read(statement, [team.pk, question.since, question.before, *conditions.params, most])


def find_live(team: Team, question: Question) -> list[Found]:
    """Return the runs that are still being written and have these words so far."""
    live = Run.objects.for_team(team).live().select_related("rating").only(*COLUMNS, "rating")[:MOST_LIVE]
    entries = [(Entry.of(run, rating_of(run)), run.pk) for run in live]
    return [Found(entry.place, run_id) for entry, run_id in entries if entry.answers(question)]


def marks_of(team: Team, question: Question) -> Marks:
    """Return the marks by which a question's runs are found. Phrases that are not wanted have none."""
    words = dict.fromkeys(word for term in question.wanted for word in term.words)
    single = [term for term in question.unwanted if not term.is_phrase]
    return Marks(
        wanted=[fact_term(Fact.TEAM, team.pk), *question.facts, *map(term_of, words)],
        unwanted=[*question.other_facts, *(term_of(word) for term in single for word in term.words)],
    )


def has(column: str, text: str) -> Condition:
    """Return the condition that a column has a text in it."""
    return Condition(f"{holds()}(kept.{column}, %s) > 0", (text,))


def lacks(column: str, text: str) -> Condition:
    """Return the condition that it has not."""
    return Condition(f"{holds()}(kept.{column}, %s) = 0", (text,))


def read(statement: str, params: Sequence[Any]) -> list[Found]:
    """Return what a statement finds."""
    to_python = Run._meta.pk.to_python
    with asking() as cursor:
        cursor.execute(statement, params)
        return [Found(place, to_python(run_id)) for place, run_id in cursor.fetchall()]

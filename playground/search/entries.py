"""What is kept of one run: its words as a stream, and the marks of its words and facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from playground.models import Rating, Run
from playground.models.search_texts import place_of
from playground.search.questions import Question
from playground.search.terms import Fact, fact_term, parameter_terms, term_of
from playground.search.words import stream_of, words_of

# Of each text so much is kept: together they fit into what PostgreSQL takes for one row's marks.
MOST_CHARS = 50_000
# No word is this, so that no phrase goes from one text to the next.
BETWEEN = "\u2016"
# The state of what is still being written.
LIVE = "running"
TEXTS = ("message", "answer", "reasoning", "system_prompt", "refusal")
# What is read of a run.
FACTS = ("team", "key", "author", "model", "source", "state", "parameters", "created_at")
COLUMNS = (*TEXTS, *FACTS, "messages", "messages_before")


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of a run, and what it is found by."""

    place: int
    words: str
    terms: str

    @classmethod
    def of(cls, run: Run, rating: Rating | None) -> Self:
        """Return what is kept of a run as it is, and of what is thought of it."""
        words = [word for text in texts_of(run, rating) for word in [*words_of(text), BETWEEN]]
        terms = {term_of(word) for word in words if word != BETWEEN} | set(facts_of(run, rating))
        return cls(place_of(run.created_at, run.pk), stream_of(words), stream_of(sorted(terms)))

    def answers(self, question: Question) -> bool:
        """Tell whether a question finds it, as the databases do: by whole words, or by parts of them."""
        if not question.since <= self.place < question.before:
            return False
        if any(f" {fact} " not in self.terms for fact in question.facts):
            return False
        if any(f" {fact} " in self.terms for fact in question.other_facts):
            return False
        return all(term.part in self.words for term in question.wanted) and not any(
            term.whole in self.words for term in question.unwanted
        )


def texts_of(run: Run, rating: Rating | None) -> Iterator[str]:
    """Yield what is said in a run and of it."""
    for name in TEXTS:
        yield getattr(run, name)[:MOST_CHARS]
    yield from typed_before(run)
    if rating:
        yield rating.note


def typed_before(run: Run) -> Iterator[str]:
    """Yield the messages that were typed before a run's own: as much as that leaves of one text."""
    left = MOST_CHARS - len(run.message)
    for one in run.messages_before or []:
        if left > 0:
            yield one["content"][:left]
        left -= len(one["content"])


def facts_of(run: Run, rating: Rating | None) -> Iterator[str]:
    """Yield the marks of what else is known of a run."""
    facts = {
        Fact.TEAM: run.team_id,
        Fact.MODEL: run.model,
        Fact.KEY: run.key_id,
        Fact.MEMBER: run.author_id,
        Fact.SOURCE: run.source,
        Fact.STATE: LIVE if run.is_live() else run.state,
    }
    yield from (fact_term(fact, value) for fact, value in facts.items() if value)
    yield from parameter_terms(run.parameters)
    if rating and rating.verdict:
        yield fact_term(Fact.RATING, rating.verdict)


def rating_of(run: Run) -> Rating | None:
    """Return what the team thinks of a run, fetched with it."""
    found: Rating | None = getattr(run, "rating", None)
    return found

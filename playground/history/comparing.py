"""Two runs side by side: what differs between them, and what is the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.templatetags.names import isolated
from playground.editor.form.typed_messages import told
from playground.editor.turns.figures import duration_words
from playground.editor.turns.remarks import stopped_after
from playground.models import Run, RunState, StopCause
from playground.search.terms import as_fields, written
from playground.text.diff import Diff, diff

MISSING = "not sent"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known of both."""

    name: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        """Whether it is not the same."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs and what is known of them."""

    first: Run
    second: Run
    facts: list[Fact]
    answers: Diff

    @classmethod
    def of(cls, first: Run, second: Run) -> "Comparison":
        """Compare two runs."""
        return cls(first, second, facts_of(first, second), diff(first.said, second.said))

    @property
    def differing(self) -> list[Fact]:
        """What was sent otherwise, or came back otherwise."""
        return [fact for fact in self.facts if fact.differs]

    @property
    def same(self) -> str:
        """The names of what is the same, in words."""
        return ", ".join(fact.name.lower() for fact in self.facts if not fact.differs)

    @property
    def has_answers(self) -> bool:
        """Whether there is something to compare word by word."""
        return bool(self.first.said.strip() and self.second.said.strip())


def facts_of(first: Run, second: Run) -> list[Fact]:
    """Return what is known of two runs, first what was sent."""
    mine, others = as_fields(first.parameters), as_fields(second.parameters)
    names = sorted({*mine, *others} - {"stream"})
    parameters = [Fact(name, parameter(mine, name), parameter(others, name)) for name in names]
    typed = first.messages_before or second.messages_before
    return [
        *side_by_side(sent_of(first), sent_of(second)),
        *(side_by_side(typed_of(first), typed_of(second)) if typed else []),
        *parameters,
        *side_by_side(came_of(first), came_of(second)),
    ]


def side_by_side(told: Mapping[str, str], other: Mapping[str, str]) -> list[Fact]:
    """Return what the same is told of, of two runs."""
    return [Fact(name, told[name], other[name]) for name in told]


def sent_of(run: Run) -> dict[str, str]:
    """Return what was sent for a run beside its parameters, in words."""
    return {
        "Model": run.model,
        "Key": str(run.key or "a deleted key"),
        "System prompt": run.system_prompt or MISSING,
        "Message": run.message,
        "Streamed": "yes" if run.parameters.get("stream") else "no",
    }


def typed_of(run: Run) -> dict[str, str]:
    """Return what was typed to stand before its message, in words."""
    return {"Earlier messages": told(run.messages_before or []) or MISSING}


def came_of(run: Run) -> dict[str, str]:
    """Return what came of it, in words."""
    tokens = run.total_tokens
    return {
        "State": ended_words(run),
        "Tokens": "unknown" if tokens is None else f"{'' if run.tokens_reported else '≈ '}{tokens:,}",
        "Time": duration_words(run.duration_ms) or "unknown",
    }


def parameter(fields: Mapping[str, Any], name: str) -> str:
    """Return what a parameter was."""
    if name not in fields:
        return MISSING
    value = fields[name]
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else written(value)


def ended_words(run: Run) -> str:
    """Return how it ended, and who stopped it."""
    if run.state != RunState.STOPPED or run.stop_cause != StopCause.MEMBER:
        return run.end_words
    who = isolated(str(run.stopped_by)) if run.stopped_by else "a former member"
    return f"Stopped by {who} {stopped_after(run)}"

"""How many characters a token has, by model: measured on what the team sent and the API counted of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Length

from playground.editor.form.choices import Choices
from playground.live.outcome.estimates import ASCII_CHARS_PER_TOKEN, MESSAGE_TOKENS
from playground.models import Run, RunState
from teams.models import Team
from usage.models import CatalogueModel

# It is measured on the newest runs; of fewer than these there is no telling.
NEWEST = 500
FEWEST = 3
# Of the characters that were measured, so many lie on either side of the range.
TAIL = 0.1
# Before there is a measurement: how far, in percent, the truth may be from what is assumed.
UNMEASURED = 25


@dataclass(frozen=True, slots=True)
class Sample:
    """One prompt: its characters, and the tokens that the API counted of its words."""

    chars: int
    tokens: int

    @property
    def rate(self) -> float:
        """Characters per token."""
        return self.chars / self.tokens


@dataclass(frozen=True, slots=True)
class Rate:
    """Characters per token of a model: of all that was measured, and from where to where it goes."""

    usual: float
    least: float
    most: float


def rate_of(samples: Sequence[Sample]) -> Rate | None:
    """Return what samples of one model say; None where they are too few."""
    if len(samples) < FEWEST:
        return None
    usual = sum(one.chars for one in samples) / sum(one.tokens for one in samples)
    least = edge(sorted(samples, key=lambda one: one.rate))
    most = edge(sorted(samples, key=lambda one: -one.rate))
    return Rate(usual, min(least, usual), max(most, usual))


def edge(samples: Sequence[Sample]) -> float:
    """Return the rate before which the tail of the characters lies, of samples in order."""
    left = TAIL * sum(one.chars for one in samples)
    for one in samples:
        left -= one.chars
        if left < 0:
            return one.rate
    return samples[-1].rate


def rates(team: Team) -> dict[str, Rate]:
    """Return the rates of the models that the team ran often enough, by their names."""
    by_model: dict[str, list[Sample]] = defaultdict(list)
    for model, sample in samples(team):
        by_model[model].append(sample)
    found = {model: rate_of(measured) for model, measured in by_model.items()}
    return {model: rate for model, rate in found.items() if rate}


def samples(team: Team) -> Iterable[tuple[str, Sample]]:
    """Yield the prompts that were counted by the API, of first turns: what they send, they hold."""
    newest = Run.objects.for_team(team).values("pk")[:NEWEST]
    counted = Run.objects.filter(pk__in=newest, turn=1, state=RunState.COMPLETED, tokens_reported=True)
    rows = counted.filter(stored_from=None)
    asked = ("model", Length("system_prompt"), Length("message"), "prompt_tokens")
    for model, system, message, tokens in rows.values_list(*asked):
        of_words = (tokens or 0) - MESSAGE_TOKENS * (2 if system else 1)
        if of_words > 0 and message:
            yield model, Sample(system + message, of_words)


def windows(models: Iterable[CatalogueModel]) -> dict[str, int]:
    """Return how many tokens fit into the models that are offered; of several offers the fewest."""
    found: dict[str, int] = {}
    for model in models:
        if model.context_window:
            found[model.name] = min(model.context_window, found.get(model.name, model.context_window))
    return found


def token_facts(team: Team, choices: Choices) -> str:
    """Return as JSON what a page needs to count tokens while somebody types."""
    facts: dict[str, Any] = {
        "rates": {name: [rate.usual, rate.least, rate.most] for name, rate in rates(team).items()},
        "windows": windows(choices.models),
        "message": MESSAGE_TOKENS,
        "letters": ASCII_CHARS_PER_TOKEN,
        "unmeasured": UNMEASURED,
    }
    return json.dumps(facts, ensure_ascii=False)

"""Examples for who has run nothing yet: each fills the form, and sends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from playground.text.values import show_values

MAIL = (
    "Hello, my parcel should have come on Tuesday, and the tracking page has said the same for four days. Jo"
)


@dataclass(frozen=True, slots=True)
class Example:
    """What a page begins with: its name in addresses, its words, what fields hold, and each column's model.

    Without models there is one column, with the model that it would have had.
    """

    name: str
    title: str
    words: str
    fields: dict[str, Any]
    models: Sequence[str] = field(default=())


ANSWER = Example(
    "answer",
    "Answer a customer",
    "A system prompt and one variable, ready to run",
    {
        "system_prompt": "You answer support mail for an online shop. Be brief, friendly and exact. "
        "Say what happens next and by when. Never promise a refund.",
        "message": "Answer this mail:\n\n{{mail}}",
        "variables": show_values({"mail": MAIL}),
    },
)
JSON = Example(
    "json",
    "Get JSON back",
    "With temperature 0; the answer’s JSON view checks it",
    {
        "system_prompt": "Answer with one JSON object and nothing else: "
        '{"name": text, "topic": text, "is_urgent": true or false}.',
        "message": "What is this mail about?\n\n{{mail}}",
        "variables": show_values({"mail": MAIL}),
        "temperature": "0",
    },
)
COMPARE = Example(
    "compare",
    "Compare two models",
    "{} and {} beside each other",
    {"message": "Explain in three sentences, to somebody of twelve, why the sky is blue."},
)


def examples(models: Sequence[str]) -> list[Example]:
    """Return the examples for who has these models to choose from."""
    if len(models) < 2:
        return [ANSWER, JSON]
    return [ANSWER, JSON, replace(COMPARE, words=COMPARE.words.format(*models[:2]), models=models[:2])]


def example_named(name: str, models: Sequence[str]) -> Example | None:
    """Return the example of this name; None where there is none such."""
    return next((one for one in examples(models) if one.name == name), None)

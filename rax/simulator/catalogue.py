"""The models on offer and how each dialect describes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Dialect = Literal["documented", "client"]


@dataclass(frozen=True, slots=True)
class Model:
    """One model; prices are whole micro-dollars for a thousand tokens, used where a dialect states a cost.

    `extra` are fields that are told as they are, in the place of the usual ones too: `shutdown_date`, or a
    context window below zero.
    """

    id: str
    description: str = ""
    context_window: int = 8192
    max_tokens: int = 4096
    created: int = 1_700_000_000
    price_per_thousand: int = 1_000
    extra: Mapping[str, Any] = field(default_factory=dict)

    def describe(self, dialect: Dialect) -> dict[str, Any]:
        """The entry in `GET /models`; the second dialect is the one of the published clients."""
        entry: dict[str, Any] = {"id": self.id, "object": "model", "created": self.created}
        entry |= {"owned_by": "raxcore", "max_tokens": self.max_tokens}
        if dialect == "documented":
            return entry | {"context_window": self.context_window, **self.extra}
        name = self.id.replace("rax-", "Rax ")
        entry |= {"name": name, "description": self.description, "context_length": self.context_window}
        return entry | dict(self.extra)


DEFAULT_MODELS = (
    Model("rax-4.0", "Quick answers to everyday questions."),
    Model("rax-4.5", "Longer, more careful answers.", price_per_thousand=2_500),
)


def model_list(models: Iterable[Model], dialect: Dialect) -> dict[str, Any]:
    """The answer of `GET /models`."""
    return {"object": "list", "data": [model.describe(dialect) for model in models]}

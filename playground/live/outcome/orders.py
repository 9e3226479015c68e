"""What a run needs to be carried out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from playground.live.outcome.spending import Spending
from playground.requests import Message
from rax import Timeouts


@dataclass(frozen=True, slots=True)
class Order:
    """What a run needs to be carried out; `secret` is asked for once, when the request is sent."""

    run_id: UUID
    base_url: str
    model: str
    messages: list[Message]
    parameters: dict[str, Any]
    secret: Callable[[], str]
    spending: Spending
    timeouts: Timeouts = field(default_factory=Timeouts)

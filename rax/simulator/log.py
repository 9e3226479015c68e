"""What was asked of the simulator and how each request ended, for tests to read."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

# `answered`: sent whole, errors included. `client_left`: the client closed first. `cut`: a fault hung up.
Outcome = Literal["open", "answered", "client_left", "cut"]

KEPT = 10_000


@dataclass(slots=True)
class Exchange:
    """One request; `tokens` counts what was generated for it. Times are the simulator's own, in UTC."""

    id: str
    started: datetime
    method: str
    path: str
    key: str = ""
    model: str = ""
    stream: bool = False
    faults: list[str] = field(default_factory=list)
    status: int = 0
    outcome: Outcome = "open"
    tokens: int = 0
    ended: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class RequestLog:
    """The last 10,000 exchanges, oldest first."""

    def __init__(self) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=KEPT)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)

    def add(self, exchange: Exchange) -> None:
        self._exchanges.append(exchange)

    def clear(self) -> None:
        self._exchanges.clear()

    def open(self) -> list[Exchange]:
        """Requests that have not ended."""
        return [exchange for exchange in self if exchange.outcome == "open"]

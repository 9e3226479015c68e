"""A completion as it is handed out: whole, or chunk by chunk."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rax._answers import RawAnswer
from rax._completion.tokens import Usage
from rax._completion.tools import ToolCall
from rax._key import Key
from rax._limits import Limits


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """A whole completion. `finish_reason` is the API's own word; `usage` is None where it reported none.

    `reasoning` is what the model thought, `refusal` what it said instead of an answer, `tool_calls` what it
    asked for; all are of the choice `index`, as `text` is, of the `choices` that said something.
    `unbelieved_tokens` is the largest count that was reported and that no request can have used. The server
    may have sent an event stream instead: `unreadable_events` of it could not be read, and it `ended_early`,
    without a finish reason or [DONE].
    `answer` is the HTTP answer as received, with its headers and the provider's date.
    """

    text: str
    role: str | None
    finish_reason: str | None
    usage: Usage | None
    model: str | None
    id: str | None
    created_at: datetime | None
    request_id: str | None
    limits: Limits
    answer: RawAnswer
    index: int = 0
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    unbelieved_tokens: int | None = None
    unreadable_events: int = 0
    ended_early: bool = False
    choices: int = 1

    @property
    def raw(self) -> str:
        """The answer's body as received, but for the key."""
        return self.answer.text


class Received:
    """An event's data as received, which shows no key: that is looked for when somebody asks."""

    __slots__ = ("_data", "_key")

    def __init__(self, data: bytes, key: Key) -> None:
        self._data = data
        self._key = key

    def __str__(self) -> str:
        return self._key.redact_bytes(self._data).decode("utf-8", "replace")

    def __repr__(self) -> str:
        return repr(str(self))

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


class Chunk(NamedTuple):
    """One choice of one event of a streamed completion.

    `text`, `reasoning`, `refusal` and `tool_calls` are pieces of the choice `index`; nearly all servers send
    choice 0 alone. A named tuple because thousands of them are made in a second.
    """

    text: str
    role: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    index: int = 0  # type: ignore[assignment] # nobody asks a chunk where in it a value stands
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    received: Received | str = ""

    @property
    def is_text(self) -> bool:
        """Whether it says a piece of the text, and nothing else."""
        return bool(self.text) and not (self.role or self.finish_reason or self.usage) and not any(self[5:8])

    @property
    def raw(self) -> str:
        """The event's data as received, but for the key; empty for what the end of a stream gave free."""
        return str(self.received)

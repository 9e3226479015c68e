"""What the paced upstream is asked for, and what it says: orders by the model's name, events as bytes."""

from dataclasses import dataclass

import orjson

from rax.simulator.tokens import split_tokens
from rax.simulator.words.answers import answer_for

PREFIX, STAMPED = "paced", "stamped"
HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n"
    b"cache-control: no-store\r\n\r\n"
)
LAST = b"0\r\n\r\n"
# After so many chunks a run says the same again. `long_answers` measures at the beginning of a round.
PIECES = 3_775
TOPICS = ("rate limits", "careful measuring", "a table of planets", "sorting in Python", "queues and streams")


@dataclass(frozen=True, slots=True)
class Order:
    """What a run's model asks for; of one that `is_stamped` each chunk is the time of its own writing."""

    gate: str
    index: int
    chunks: int
    per_second: float
    is_stamped: bool = False

    @property
    def model(self) -> str:
        """The model's name that says this."""
        prefix = STAMPED if self.is_stamped else PREFIX
        return f"{prefix}/{self.gate}/{self.index}/{self.chunks}/{self.per_second:g}"

    @property
    def name(self) -> str:
        """What tells this run from all others."""
        return f"{self.gate}/{self.index}"

    @classmethod
    def read(cls, model: str) -> "Order":
        """Return what a model's name asks for; raise `ValueError` for any other name."""
        prefix, *parts = model.split("/")
        if prefix not in {PREFIX, STAMPED} or len(parts) != 4:
            raise ValueError(f"{model!r} orders nothing")
        gate, index, chunks, per_second = parts
        return cls(gate, int(index), int(chunks), float(per_second), prefix == STAMPED)


def framed(data: bytes) -> bytes:
    """Return bytes as one chunk of an HTTP/1.1 body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    """Return one event of a streamed completion, as one chunk of the body."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    head = {"id": "req_paced", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": PREFIX}
    return framed(b"data: " + orjson.dumps(head | {"choices": [choice]}) + b"\n\n")


def prose() -> list[bytes]:
    """Return `PIECES` chunks of text as the simulator writes it: paragraphs, lists, tables, code."""
    said = [answer_for("rax-4.5", [{"role": "user", "content": f"600 words on {topic}"}]) for topic in TOPICS]
    return [event({"content": token}) for token in split_tokens("\n\n".join(said) + "\n\n")][:PIECES]

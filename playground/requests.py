"""The request of a run as it is sent, kept without the words that stand elsewhere.

Each turn of a conversation sends all turns before it. What is kept of its request therefore names its
messages by the runs whose words they are, `{"role": "user", "run": "<id>"}`, those that were typed before a
run's own by their place too, `"typed": 0`, and a digest of the bytes that
were sent: so it can be put together again, byte for byte, for as long as none of those words is erased.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from playground.models import Run
from rax import ArgumentError, asks_for_usage, chat_payload, encode_payload

ERASED = "It cannot be shown as it was sent: words in it were erased since."
NOT_KEPT = "It was not kept as it was sent."
OTHERWISE = "It cannot be put together as it was sent."


class Speaker(StrEnum):
    """Whose words a message is, in the API's terms."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


# Where the words of whom stand in a run. Its thinking is nobody's message, and never sent.
WORDS = {Speaker.SYSTEM: "system_prompt", Speaker.USER: "message", Speaker.ASSISTANT: "said"}
COLUMNS = ("system_prompt", "message", "messages_before", "answer", "refusal", "messages")


class NotAsSent(Exception):
    """A request cannot be put together again; the message says why, in the user's words."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request, and the run whose words it is.

    `typed` is its place among the messages that were typed before that run's own.
    """

    speaker: Speaker
    content: str
    run_id: UUID
    typed: int | None = None

    def as_sent(self) -> dict[str, str]:
        """Return the message as the API gets it."""
        return {"role": str(self.speaker), "content": self.content}

    def by_name(self) -> dict[str, str | int]:
        """Return where its words stand."""
        typed = {} if self.typed is None else {"typed": self.typed}
        return {"role": str(self.speaker), "run": str(self.run_id), **typed}


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A request as JSON, its messages named, and the SHA-256 of what was sent; empty if it cannot be sent."""

    text: str = ""
    digest: str = ""

    @classmethod
    def of(cls, payload: Mapping[str, Any], messages: Sequence[Message]) -> "KeptRequest":
        """Return what is kept of a payload, whose messages are these."""
        sent = encode_payload(payload)
        named = {**payload, "messages": [message.by_name() for message in messages]}
        return cls(encode_payload(named).decode(), sha256(sent).hexdigest())


def expected(
    base_url: str, model: str, messages: Sequence[Message], parameters: Mapping[str, Any]
) -> KeptRequest:
    """Return the request that will be sent to a server, unless that refuses to be asked for usage."""
    try:
        payload = payload_for(model, messages, parameters, may_ask=asks_for_usage(base_url))
        return KeptRequest.of(payload, messages)
    except ArgumentError:
        return KeptRequest()


def payload_for(
    model: str, messages: Sequence[Message], parameters: Mapping[str, Any], *, may_ask: bool
) -> dict[str, Any]:
    """Return a request before it is encoded; a stream asks for its usage where it may.

    Raises `ArgumentError`.
    """
    streams = bool(parameters.get("stream"))
    return chat_payload(
        model=model,
        messages=[message.as_sent() for message in messages],
        **{**parameters, "stream": streams},
        include_usage=streams and may_ask,
    )


def parameters_of(run: Run) -> dict[str, Any]:
    """Return the parameters of a run, extra fields as they were sent: a database may order theirs anew."""
    parameters: dict[str, Any] = run.parameters
    if not run.request or not (extra := parameters.get("extra")):
        return parameters
    sent = json.loads(run.request)
    return {**parameters, "extra": {name: value for name, value in sent.items() if name in extra}}


def as_sent(run: Run) -> bytes:
    """Return the body that was sent for a run, byte for byte. Raises `NotAsSent`."""
    if not run.request:
        raise NotAsSent(ERASED if run.erased_at else NOT_KEPT)
    payload = json.loads(run.request)
    messages = list(spoken(payload["messages"]))
    if None in messages:
        raise NotAsSent(ERASED)
    body = encode_payload({**payload, "messages": messages})
    if sha256(body).hexdigest() != run.request_digest:
        raise NotAsSent(OTHERWISE)
    return body


def contents_of(run: Run) -> list[str]:
    """Return the words of a run's request, message by message, but for those that were erased."""
    if not run.request:
        return [message["content"] for message in run.messages or run.own_messages()]
    messages = spoken(json.loads(run.request)["messages"])
    return [message["content"] for message in messages if message]


def count_messages(run: Run) -> int:
    """Return how many messages were sent for a run."""
    return len(json.loads(run.request)["messages"] if run.request else run.messages)


def earlier_messages(run: Run) -> list[dict[str, str]]:
    """Return what was sent for a run between its system prompt and its message, but for what was erased."""
    if not run.request:
        return list(run.messages_before or [])
    named = json.loads(run.request)["messages"]
    first = 1 if run.system_prompt else 0
    return [message for message in spoken(named[first:-1]) if message]


def spoken(named: Sequence[Mapping[str, Any]]) -> Iterable[dict[str, str] | None]:
    """Yield messages with their words, by one query; None for one whose words were erased."""
    speaking = Run.objects.with_words().only(*COLUMNS)
    runs = speaking.in_bulk({UUID(message["run"]) for message in named})
    for message in named:
        run = runs.get(UUID(message["run"]))
        yield {"role": message["role"], "content": words_of(run, message)} if run else None


def words_of(run: Run, named: Mapping[str, Any]) -> str:
    """Return the words of a message that a run holds."""
    if "typed" in named:
        return str((run.messages_before or [])[named["typed"]]["content"])
    return str(getattr(run, WORDS[Speaker(named["role"])]))

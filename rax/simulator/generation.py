"""One answer on its way: which tokens it has, how many went out, and its JSON in whole and in pieces."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from rax.simulator.chat import ChatRequest
from rax.simulator.tokens import split_tokens
from rax.simulator.words.answers import answer_for

DONE = b"data: [DONE]\n\n"


class Generation:
    """The answer to a request: deterministic for the same model and messages.

    `sent` counts the tokens that were generated so far; only those are ever charged.
    """

    def __init__(self, request: ChatRequest, request_id: str, at: datetime) -> None:
        self.request = request
        self.id = request_id
        self.created = int(at.timestamp())
        text = _until_stop(answer_for(request.model.id, request.messages), request.stop)
        tokens = split_tokens(text)
        self.tokens = tokens[: request.max_tokens]
        self.finish_reason = "length" if len(tokens) > request.max_tokens else "stop"
        self.sent = 0

    def usage(self) -> dict[str, int]:
        """Token counts of what was generated so far."""
        spent = self.request.prompt_tokens
        return {"prompt_tokens": spent, "completion_tokens": self.sent, "total_tokens": spent + self.sent}

    def whole(self) -> dict[str, Any]:
        """The answer as one JSON object."""
        message = {"role": "assistant", "content": "".join(self.tokens)}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        return self._head("chat.completion") | {"choices": [choice], "usage": self.usage()}

    def events(self, unasked_usage: bool) -> Iterator[bytes]:
        """The whole stream: role, tokens, finish reason, usage where it was asked for, `[DONE]`."""
        yield self.event({"role": "assistant"})
        yield from self.pieces()
        extra = {"usage": self.usage()} if unasked_usage else {}
        yield self.event({}, self.finish_reason, **extra)
        if self.request.include_usage:
            yield frame(self._head("chat.completion.chunk") | {"choices": [], "usage": self.usage()})
        yield DONE

    def pieces(self) -> Iterator[bytes]:
        """One event for each token; `sent` moves with it."""
        head, tail = self.event({"content": ""}).split(b'""', 1)
        for token in self.tokens:
            self.sent += 1
            yield head + orjson.dumps(token) + tail

    def event(self, delta: dict[str, str], finish: str | None = None, **extra: Any) -> bytes:
        """One chunk; `extra` are fields beside its choices."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return frame(self._head("chat.completion.chunk") | {"choices": [choice]} | extra)

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.request.model.id}


def frame(payload: Any) -> bytes:
    """A JSON value as one server-sent event."""
    return b"data: " + orjson.dumps(payload) + b"\n\n"


def _until_stop(text: str, stops: tuple[str, ...]) -> str:
    """A text up to its earliest stop sequence."""
    found = [at for at in map(text.find, stops) if at >= 0]
    return text[: min(found)] if found else text

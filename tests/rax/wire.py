"""The words of the wire, for tests: answers, events and the shapes servers give them."""

import json
from typing import Any

import pytest

from rax import ChatStream, RaxError

MESSAGES = [{"role": "user", "content": "Hi"}]
ASK: dict[str, Any] = {"model": "rax-4.0", "messages": MESSAGES}


def answer(body: bytes | dict | list, status: int = 200, **headers: str) -> bytes:
    """A whole HTTP answer; `retry_after="1"` becomes `retry-after: 1`."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def stream_head(**headers: str) -> bytes:
    """The head of a stream that ends when the connection does."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def chunked(*pieces: bytes) -> bytes:
    """A whole stream in HTTP chunks: the connection can be used again after it."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))


def event(value: dict | str) -> bytes:
    data = value if isinstance(value, str) else json.dumps(value)
    return f"data: {data}\n\n".encode()


def delta(text: str | None = None, finish: str | None = None, **more) -> dict:
    """One chunk as the API documents it."""
    return {
        "id": "req_abc123",
        "object": "chat.completion.chunk",
        "created": 1700000000,
        "model": "rax-4.0",
        "choices": [
            {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish}
        ],
        **more,
    }


def documented_stream(*words: str, finish: str = "stop") -> bytes:
    """The stream of the API's documentation, saying these words."""
    events = [event(delta(word)) for word in words]
    return b"".join([*events, event(delta(finish=finish)), event("[DONE]")])


CHAT = {
    "id": "req_abc123def456",
    "object": "chat.completion",
    "created": 1700000000,
    "model": "rax-4.0",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello!"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 25, "completion_tokens": 18, "total_tokens": 43},
}
MODELS = {
    "object": "list",
    "data": [
        {
            "id": "rax-4.0",
            "object": "model",
            "created": 1700000000,
            "owned_by": "raxcore",
            "context_window": 8192,
            "max_tokens": 4096,
        }
    ],
}
USAGE = {
    "object": "usage",
    "total_tokens": 150000,
    "total_requests": 1500,
    "period_start": "2024-01-01T00:00:00Z",
    "period_end": "2024-01-31T23:59:59Z",
    "breakdown": {
        "rax-4.0": {"tokens": 100000, "requests": 1000},
        "rax-4.5": {"tokens": 50000, "requests": 500},
    },
}


async def read_texts(stream: ChatStream) -> list[str]:
    """Return the texts of a stream's chunks, from entering it to its end."""
    async with stream:
        return [chunk.text async for chunk in stream]


async def fails(call) -> RaxError:
    """Return the error that awaiting `call` raises."""
    with pytest.raises(RaxError) as caught:
        await call
    return caught.value

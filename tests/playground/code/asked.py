"""Requests with texts that quoting gets wrong, and a simulator that keeps what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from playground.code.export.requests import CodeRequest
from rax.simulator import INSTANT, Model, Settings, Simulator, api, chat, running_simulator

KEY = "rax_demo_pro"
EVERY_CHARACTER = "".join(map(chr, [*range(0x180), 0x2028, 0x2029, 0x202E, 0x2066, 0xFEFF, 0xFFFD, 0x10FFFF]))
TEXTS = (
    "plain",
    """He said "don't", 'twice', and `left`.""",
    "'''\"\"\"\\",
    "one\ntwo\r\nthree\rfour\n\n",
    "$HOME ${HOME} $(id) `id` $$ $'x' %s {x} {{y}} $url $call",
    "\\n \\\\ \\' \\\" \\u0041 \\x41 \\",
    "EOF\nEOF\n<<EOF\n'EOF'\n",
    "!! !history # no comment ; & | > < * ? [a-z] ~",
    "</script><!-- //\n/* */",
    "Zażółć 半衰期 👩‍💻 \U0001f1f5\U0001f1f1 e\u0301",
    EVERY_CHARACTER,
    " ",
    "𝓍" * 25_000,
)
PARAMETERS: dict[str, Any] = {
    "temperature": 0.1,
    "top_p": 1,
    "max_tokens": 3,
    "stop": ["\n\n", "'\\'", "end"],
}
EXTRA: dict[str, Any] = {
    "seed": 2**53 - 1,
    "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"z": [], "a": {}}}},
    "reasoning_effort": "low",
    "user": "A'B",
    "max_completion_tokens": 5,
    "an odd name, isn't it?": [None, True, False, -1.5e-7, 1e300, [], {}, {"__proto__": {"timeout": 1}}],
    "timeout": 1,
    "extra_headers": {"a": "b"},
    "__proto__": {"a": 1},
    "class": "$HOME",
}


def request(text: str, base_url: str = "https://ai.example/v1", **fields: Any) -> CodeRequest:
    """Return a request with this text in it, wherever a text may stand."""
    messages = [{"role": "system", "content": text}, {"role": "user", "content": text}]
    return CodeRequest(base_url, {"model": "rax-4.0", "messages": messages, **fields})


def requests(base_url: str) -> list[CodeRequest]:
    """Return requests that hold every odd text and field, streamed and not."""
    odd = [request(text, base_url, **({"stream": True} if at % 2 else {})) for at, text in enumerate(TEXTS)]
    asks = {"stream": True, "stream_options": {"include_usage": True}}
    full = request("Hi", base_url, **PARAMETERS, **EXTRA)
    return [*odd, full, request("Hi", base_url, **PARAMETERS, **EXTRA, **asks)]


@dataclass
class Asked:
    """A simulator, and the bodies that it was sent, in order."""

    base_url: str
    bodies: list[bytes] = field(default_factory=list)

    def take(self) -> list[Any]:
        """Return what was asked since this was called last."""
        taken = [json.loads(body) for body in self.bodies]
        self.bodies.clear()
        return taken


@contextmanager
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Serve a simulator that answers at once, and keeps what it is asked."""
    large = Model("rax-4.0", context_window=10_000_000)
    simulator = Simulator(settings=Settings(pace=INSTANT), models=[large])
    with running_simulator(simulator) as server:
        record = Asked(server.base_url)

        def parse_and_keep(body: bytes) -> dict[str, Any]:
            record.bodies.append(body)
            return chat.parse_json(body)

        monkeypatch.setattr(api, "parse_json", parse_and_keep)
        yield record

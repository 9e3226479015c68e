"""Every way the simulator can misbehave, by name.

A fault is one function under one decorator, in `answers`, `headers`, `streams` or `oddities`; in `words` one
for streams and one for whole answers. That entry is all a new one needs. A wish is `name` or `name:argument`,
separated by commas where several are meant. It comes from the `X-Simulate` header, from `[[fault:name]]` in
the last message, or for all requests from the settings.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aiohttp import web

Answer = Callable[[str], web.Response]
Edit = Callable[[dict[str, Any], str], Any]
Bend = Callable[[AsyncIterator[bytes], str], AsyncIterator[bytes]]
Mark = Callable[[str, datetime, str], dict[str, str]]

_MARKER = re.compile(r"\[\[fault:([^\]]+)\]\]")


class ConnectionCutError(Exception):
    """The simulated server drops the connection here."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One named fault. One of the four functions is set; of what a model says, `edit` and `bend`.

    `answer` replaces the whole answer, `edit` changes the JSON of the `routes` it is for, `bend` changes the
    bytes of a stream, which goes out with `headers`, `mark` adds headers to whatever is answered.
    """

    name: str
    summary: str
    routes: frozenset[str]
    answer: Answer | None = None
    edit: Edit | None = None
    bend: Bend | None = None
    mark: Mark | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """A fault that was asked for, with its argument (empty where none was given)."""

    fault: Fault
    argument: str = ""


REGISTRY: dict[str, Fault] = {}
ALL_ROUTES = frozenset({"chat", "models", "usage"})


def on_answer(name: str, summary: str, *routes: str) -> Callable[[Answer], Answer]:
    """Register a function from the argument to the answer that is sent instead."""

    def register(function: Answer) -> Answer:
        REGISTRY[name] = Fault(name, summary, frozenset(routes) or ALL_ROUTES, answer=function)
        return function

    return register


def on_json(name: str, summary: str, *routes: str) -> Callable[[Edit], Edit]:
    """Register a function from the JSON answer and the argument to the JSON sent instead."""

    def register(function: Edit) -> Edit:
        fault = REGISTRY.get(name) or Fault(name, summary, frozenset(routes) or ALL_ROUTES)
        REGISTRY[name] = replace(fault, edit=function)
        return function

    return register


def on_stream(name: str, summary: str, headers: dict[str, str] | None = None) -> Callable[[Bend], Bend]:
    """Register an async generator from the stream's events and the argument to the bytes sent instead.

    It may raise `ConnectionCutError`. Events come in as bytes that end with a blank line.
    """

    def register(function: Bend) -> Bend:
        fault = REGISTRY.get(name) or Fault(name, summary, frozenset({"chat"}))
        REGISTRY[name] = replace(fault, bend=function, headers=headers or {})
        return function

    return register


def on_headers(name: str, summary: str) -> Callable[[Mark], Mark]:
    """Register a function from the key, the simulator's time and the argument to headers that are added."""

    def register(function: Mark) -> Mark:
        REGISTRY[name] = Fault(name, summary, ALL_ROUTES, mark=function)
        return function

    return register


def parse_wishes(text: str) -> list[Wish]:
    """`cut:5, no-done` → two wishes. Raises ValueError for a name nobody registered."""
    wishes = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, argument = part.partition(":")
        if name not in REGISTRY:
            raise ValueError(f"unknown fault {name!r}; known: {', '.join(sorted(REGISTRY))}")
        wishes.append(Wish(REGISTRY[name], argument))
    return wishes


def marked_in(body: Any) -> str:
    """The faults that `[[fault:name]]` markers in the last message of a chat request ask for."""
    messages = body.get("messages") if isinstance(body, dict) else None
    last = messages[-1] if isinstance(messages, list) and messages else None
    content = last.get("content") if isinstance(last, dict) else None
    return ",".join(_MARKER.findall(content)) if isinstance(content, str) else ""


def marks_of(wishes: Iterable[Wish], key: str, now: datetime) -> dict[str, str]:
    """The headers that the faults add to an answer."""
    marks: dict[str, str] = {}
    for wish in wishes:
        if wish.fault.mark is not None:
            marks |= wish.fault.mark(key, now, wish.argument)
    return marks


def for_route(wishes: Iterable[Wish], route: str) -> list[Wish]:
    return [wish for wish in wishes if route in wish.fault.routes]

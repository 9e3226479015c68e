"""A request is answered in one thread, which keeps its connection for the next one."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path, reverse_lazy

from raxdash.http.handler import Handler, is_urgent
from raxdash.http.threads import MOST_KEPT
from raxdash.http.turns import MOST_AT_ONCE, Turns
from raxdash.logs.requests import HEALTH

# Where each step of a request was taken, and over which connection.
steps: list[tuple[str, int]] = []
may_answer = threading.Event()


def note(step: str) -> None:
    steps.append((step, threading.get_ident()))


def noting(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        note("before")
        response = get_response(request)
        note("after")
        return response

    return middleware


def plain(_: HttpRequest) -> HttpResponse:
    note("view")
    return HttpResponse(str(id(connection.connection)))


def slow(_: HttpRequest) -> HttpResponse:
    note("view")
    may_answer.wait(60)
    return HttpResponse()


async def waiting(_: HttpRequest) -> HttpResponse:
    note("view")
    await asyncio.sleep(0)
    return HttpResponse("from the loop")


urlpatterns = [
    path("plain/", plain),
    *(path(name, plain, name=name) for name in HEALTH),
    path("slow/", slow),
    path("waiting/", waiting),
]


@pytest.fixture
async def handler() -> AsyncIterator[Handler]:
    steps.clear()
    may_answer.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}.noting"]):
        made = Handler()
        yield made
        may_answer.set()
        await made.threads.close()


async def ask(handler: Handler, address: str, *, gone: asyncio.Event | None = None) -> bytes:
    """Return what a GET is answered; who asks is there until `gone`."""
    body = [{"type": "http.request", "body": b"", "more_body": False}]
    said: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if body:
            return body.pop()
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        said.append(message)

    scope = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": []}
    await handler(scope, receive, send)
    return b"".join(message.get("body", b"") for message in said)


async def begun(count: int) -> None:
    """Wait until so many views have begun."""
    async with asyncio.timeout(60):
        while sum(step == "view" for step, _ in steps) < count:  # noqa: ASYNC110  in other threads
            await asyncio.sleep(0.001)


async def test_a_request_is_answered_in_one_thread(handler: Handler) -> None:
    await ask(handler, "/plain/")
    assert [step for step, _ in steps] == ["before", "view", "after"]
    assert len({thread for _, thread in steps}) == 1
    assert threading.get_ident() not in dict(steps).values()


async def test_a_view_that_waits_does_so_on_the_event_loop(handler: Handler) -> None:
    assert await ask(handler, "/waiting/") == b"from the loop"
    assert dict(steps)["view"] == threading.get_ident() != dict(steps)["before"]


async def test_the_next_request_has_the_same_thread(handler: Handler) -> None:
    for _ in range(3):
        await ask(handler, "/plain/")
    assert len({thread for _, thread in steps}) == 1


async def test_no_request_waits_for_one_that_takes_long(handler: Handler) -> None:
    handler.turns = Turns(1, long_seconds=0)
    slow_ones = [asyncio.create_task(ask(handler, "/slow/")) for _ in range(MOST_KEPT + 2)]
    await begun(MOST_KEPT + 2)
    await ask(handler, "/plain/")
    may_answer.set()
    await asyncio.gather(*slow_ones)
    assert len({thread for step, thread in steps if step == "view"}) == MOST_KEPT + 3
    assert len(handler.threads) == MOST_KEPT


async def test_who_asks_how_the_server_is_waits_for_no_turn(handler: Handler) -> None:
    handler.turns = Turns(long_seconds=60)
    slow_ones = [asyncio.create_task(ask(handler, "/slow/")) for _ in range(MOST_AT_ONCE + 1)]
    await begun(MOST_AT_ONCE)
    async with asyncio.timeout(20):
        assert await ask(handler, "/healthz")
    may_answer.set()
    await asyncio.gather(*slow_ones)


@pytest.mark.parametrize(
    ("method", "address", "comes_first"),
    [
        ("POST", reverse_lazy("playground:stop", args=["acme", uuid4()]), True),
        ("POST", reverse_lazy("playground:stop_all", args=["acme"]), True),
        ("GET", reverse_lazy("playground:stop_all", args=["acme"]), False),
        ("POST", reverse_lazy("playground:start", args=["acme"]), False),
        ("POST", "/anywhere/else/stop/", False),
    ],
)
def test_a_stop_comes_before_what_begins(
    rf: RequestFactory, method: str, address: str, comes_first: bool
) -> None:
    assert is_urgent(rf.generic(method, str(address))) is comes_first


async def test_nobody_waits_behind_what_goes_on_after_who_asked_has_left(handler: Handler) -> None:
    gone = asyncio.Event()
    left = asyncio.create_task(ask(handler, "/slow/", gone=gone))
    await begun(1)
    gone.set()
    await ask(handler, "/plain/")
    may_answer.set()
    await left
    (_, busy), (_, other) = [one for one in steps if one[0] == "view"]
    assert busy != other

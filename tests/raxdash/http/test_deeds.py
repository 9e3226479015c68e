"""Who leaves ends a reading, and no deed that has arrived."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from raxdash.http.deeds import undisturbed

WHOLE: dict[str, Any] = {"type": "http.request", "body": b"a=1", "more_body": False}
HALF: dict[str, Any] = {"type": "http.request", "body": b"a", "more_body": True}
GONE: dict[str, Any] = {"type": "http.disconnect"}


def saying(*messages: dict[str, Any]) -> Callable[[], Awaitable[dict[str, Any]]]:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


@pytest.mark.parametrize("messages", [(HALF, GONE), (GONE,)])
async def test_a_deed_that_did_not_arrive_whole_is_given_up(messages: tuple[dict[str, Any], ...]) -> None:
    receive = undisturbed({"method": "POST"}, saying(*messages))
    assert [await receive() for _ in messages] == list(messages)


async def test_who_reads_may_leave() -> None:
    receive = undisturbed({"method": "GET"}, saying(WHOLE, GONE))
    assert [await receive(), await receive()] == [WHOLE, GONE]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nobody_is_told_that_who_sent_a_deed_has_left(method: str) -> None:
    receive = undisturbed({"method": method}, saying(HALF, WHOLE, GONE))
    assert [await receive(), await receive()] == [HALF, WHOLE]
    listening = asyncio.ensure_future(receive())
    assert await asyncio.wait([listening], timeout=0.05) == (set(), {listening})
    listening.cancel()

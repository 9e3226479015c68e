"""The way to the providers: connections to the addresses that whoever runs raxdash allows, by their proxy."""

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from django.conf import settings

from common.loop import process_loop
from rax import Connections


def connections() -> Connections:
    """Return a new pool, which belongs to the event loop that it is used in."""
    return Connections(
        allow=tuple(settings.UPSTREAM_ALLOW),
        proxy=settings.UPSTREAM_PROXY or None,
        direct=tuple(settings.UPSTREAM_DIRECT),
    )


def ask_upstream[Result](ask: Callable[[Connections], Coroutine[Any, Any, Result]]) -> Result:
    """Return what `ask` returns, called with the connections that this process keeps. Blocks this thread."""
    return begin_to_ask(ask).result()


def begin_to_ask[Result](ask: Callable[[Connections], Coroutine[Any, Any, Result]]) -> Future[Result]:
    """Begin the same, and return at once what it will come to; to cancel that is to stop asking."""
    # Connections of another setting would reach what is no longer allowed.
    way = tuple(settings.UPSTREAM_ALLOW), settings.UPSTREAM_PROXY, tuple(settings.UPSTREAM_DIRECT)
    return process_loop().begin(way, connections, ask)

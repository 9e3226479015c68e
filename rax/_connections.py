"""The pool that many keys share: one per process and event loop."""

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rax._addresses import AllowedAddresses
from rax._arguments import check_count
from rax._constants import CONNECTIONS_PER_HOST, CONNECTIONS_TOTAL
from rax._exceptions import MisuseError
from rax._transport import Proxy, Transport, tls_context

_REMEMBERED_BASE_URLS = 1000


class Connections:
    """Open connections, which addresses they may go to, and what servers were found to refuse.

    `allow` lists networks, addresses and host names beside global addresses, for example
    `("127.0.0.0/8", "localhost")`. `proxy`, such as `http://user:password@proxy.example:3128`, is asked for
    all connections but those to what `direct` lists in the same way. `stock_httpx` uses httpx's own
    transport instead of aiohttp's. Raises ArgumentError for what is none of that. Make it at start-up: the
    first one loads the TLS authorities. Connections open on first use and belong to the event loop of that
    moment. Another loop gets new ones where that one is closed; while it runs, MisuseError says so.
    """

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        proxy: str | None = None,
        direct: Iterable[str] = (),
        per_host: int = CONNECTIONS_PER_HOST,
        total: int = CONNECTIONS_TOTAL,
        stock_httpx: bool = False,
    ) -> None:
        for count in (per_host, total):
            check_count("The number of connections", count, least=1)
        self._allowed = AllowedAddresses(allow)
        self._proxy = Proxy(proxy, direct) if proxy is not None else None
        self._per_host = per_host
        self._total = total
        self._stock = stock_httpx
        self._transport: Transport | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        # Whether servers take `stream_options`, as far as they were asked.
        self._takes_include_usage: dict[str, bool] = {}
        tls_context()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection; a later request opens new ones."""
        self._abandon_those_of_a_closed_loop()
        if self._transport is not None:
            self._check_loop()
            transport, self._transport = self._transport, None
            await transport.aclose()

    def transport(self) -> Transport:
        """Return the open transport of the running loop."""
        self._abandon_those_of_a_closed_loop()
        if self._transport is None:
            self._loop = asyncio.get_running_loop()
            self._transport = self._make_transport()
        self._check_loop()
        return self._transport

    def _check_loop(self) -> None:
        if self._loop is not asyncio.get_running_loop():
            raise MisuseError(
                "These connections belong to another event loop, which still runs: make others for this one."
            )

    def _abandon_those_of_a_closed_loop(self) -> None:
        if self._transport is not None and self._loop is not None and self._loop.is_closed():
            self._transport.abandon()
            self._transport = None

    def _make_transport(self) -> Transport:
        return Transport(
            self._allowed, proxy=self._proxy, per_host=self._per_host, total=self._total, stock=self._stock
        )

    def takes_include_usage(self, base_url: str) -> bool | None:
        """Whether this server takes `stream_options`, as was seen; None where it was not."""
        return self._takes_include_usage.get(base_url)

    def remember_include_usage(self, base_url: str, *, is_taken: bool) -> None:
        """Note whether this server takes `stream_options`; the oldest note makes room."""
        known = self._takes_include_usage
        if base_url not in known and len(known) >= _REMEMBERED_BASE_URLS:
            known.pop(next(iter(known)))
        known[base_url] = is_taken

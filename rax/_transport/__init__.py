"""The one package that knows the HTTP library: it opens requests, hands out bytes, and names what failed.

We speak httpx's API over aiohttp's parser (a third of the CPU per chunk, a tenth per GET), with a session of
our own: no cookies, no proxies from the environment, no redirects, bounded headers, and sockets that are
only made for addresses we allow. `stock=True` uses httpx's own transport with the same guarantees.
"""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Iterator, Mapping

import httpx

from rax._addresses import AllowedAddresses
from rax._constants import CLOSE_SECONDS, HEADER_VALUE_CHARS
from rax._transport.failures import FAILURES, classify
from rax._transport.pools import (
    READ_BYTES,
    AiohttpPool,
    StockPool,
    body_here,
    left_in,
    reading_from,
    tls_context,
)
from rax._transport.proxy import Proxy
from rax._transport.reach import reaching, refuse_unless_allowed_by_proxy

__all__ = ["Answer", "Proxy", "Transport", "tls_context"]


class Answer:
    """A status, headers (lower-case names, bounded values), and a body that arrives."""

    __slots__ = ("_here", "_is_billable", "_is_read", "_response", "headers", "status_code")

    def __init__(self, response: httpx.Response, *, is_billable: bool) -> None:
        self._response = response
        self._is_billable = is_billable
        self._is_read = False
        self._here = body_here(response)
        self.status_code = response.status_code
        self.headers: Mapping[str, str] = {
            name.decode("latin-1").lower(): value[:HEADER_VALUE_CHARS].decode("latin-1")
            for name, value in response.headers.raw
        }

    def ready(self) -> bytes:
        """Return bytes of the body that have come already; none where there are none.

        They are those that `chunks` would yield next, which costs several times as much.
        """
        here = self._here
        if here is None:
            return b""
        return here.read_nowait(READ_BYTES) if here.exception() is None else left_in(here)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Leave with the system what comes of the body in this block: read at once it costs less."""
        transport = reading_from(self._response)
        if transport is None or not transport.is_reading():
            yield
            return
        transport.pause_reading()
        try:
            yield
        finally:
            transport.resume_reading()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body's bytes as they arrive and as they were sent; raise RaxError when it breaks."""
        stream = self._response.stream
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 an async client makes no other
        try:
            async for chunk in stream:  # not aiter_raw, which adds two generators to every chunk
                yield chunk
            self._is_read = True
            return
        except FAILURES as exc:
            failure = classify(exc, is_billable=self._is_billable, has_headers=True)
        if rest := self.ready():
            yield rest
        raise failure  # outside the except block: no exception of the library hangs on ours

    async def aclose(self) -> None:
        """Give the connection back if the body was read to its end, else close it at once."""
        with contextlib.suppress(*FAILURES):
            # Giving back waits for nothing: it needs no timer.
            async with asyncio.timeout(None if self._is_read else CLOSE_SECONDS):
                await self._response.aclose()


class Transport:
    """A pool of connections, and the rules of where it may go; belongs to the event loop it is made in."""

    def __init__(
        self, allowed: AllowedAddresses, *, proxy: Proxy | None, per_host: int, total: int, stock: bool
    ) -> None:
        self._allowed = allowed
        self._proxy = proxy
        make = StockPool if stock else AiohttpPool
        self._pool = make(allowed, proxy, per_host=per_host, total=total)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        connect_seconds: float | None,
    ) -> Answer:
        """Send one request and return its answer once the headers are here; raise RaxError otherwise.

        Only connecting is timed here: httpx's other timeouts restart with every byte, so the deadlines
        belong to the caller.
        """
        timeout = {"connect": connect_seconds, "pool": connect_seconds, "read": None, "write": None}
        is_billable = method == "POST"
        try:
            request = _request(method, _parsed(url), headers, body)
            request.extensions["timeout"] = timeout
            return Answer(await self._handle(request), is_billable=is_billable)
        except FAILURES as exc:
            failure = classify(exc, is_billable=is_billable, connect_seconds=connect_seconds)
        raise failure

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        url, by_proxy = request.url, self._pool.by_proxy
        if self._proxy is None or by_proxy is None or not self._proxy.takes(url.host):
            with reaching(url, self._allowed, by_proxy=False):
                return await self._pool.direct.handle_async_request(request)
        await refuse_unless_allowed_by_proxy(url, self._allowed)
        if url.scheme == "http":  # forwarded, not tunnelled: the proxy reads the request itself
            request.headers.update(self._proxy.headers)
        with reaching(url, self._allowed, by_proxy=True):
            return await by_proxy.handle_async_request(request)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    def abandon(self) -> None:
        """Let go of the connections where their loop is closed already."""
        self._pool.abandon()


def _request(method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None) -> httpx.Request:
    """Return a request with the headers that HTTP wants; httpx takes twice as long to find them itself."""
    needed = {"Host": url.netloc.decode("ascii"), **headers}
    if body is not None:
        needed["Content-Length"] = str(len(body))
    request = httpx.Request(method, url, headers=needed, stream=httpx.ByteStream(body or b""))
    request.read()
    return request


# The same few addresses are asked again and again, and reading one costs as much as reading an answer.
_parsed = functools.lru_cache(maxsize=1_000)(httpx.URL)

"""The pools of connections: aiohttp's, or httpx's own with the same guarantees.

Without httpx's client around them: that one adds redirects, cookies and authentication, none of which we
want, and a third of what a short request costs.
"""

import asyncio
import functools
import socket
import ssl
from typing import Any

import aiohttp
import httpcore
import httpx
from aiohttp.client_proto import ResponseHandler
from httpx_aiohttp import AiohttpTransport
from httpx_aiohttp.transport import AiohttpResponseStream

from rax._addresses import AllowedAddresses
from rax._constants import HEADER_COUNT, HEADER_LINE_BYTES, KEEPALIVE_SECONDS
from rax._transport.proxy import Proxy
from rax._transport.reach import RefusedAddressError, refuse_unless_allowed

# As much as one read brings at most.
READ_BYTES = AiohttpResponseStream.CHUNK_SIZE


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Return the process's TLS settings: certifi's authorities, the system's, and those of `SSL_CERT_FILE`.

    Loading them takes up to 200 ms, so processes that stream call this at start-up.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()  # OpenSSL reads the variable there
    return context


class _Protocol(ResponseHandler):
    """aiohttp's connection, which tells who reads a body when its framing breaks in the middle.

    aiohttp's own only closes, and the reader would wait until a deadline.
    """

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        super().set_exception(exc, *cause)
        body = self._payload
        if body is not None and not body.is_eof() and body.exception() is None:
            body.set_exception(aiohttp.ClientPayloadError("broken"))


class AiohttpPool:
    """aiohttp's parser and pool behind httpx's API, in a session of our own."""

    def __init__(self, allowed: AllowedAddresses, proxy: Proxy | None, *, per_host: int, total: int) -> None:
        self._connector = _connector(allowed, per_host=per_host, total=total)
        self._session = aiohttp.ClientSession(
            connector=self._connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=HEADER_LINE_BYTES,
            max_field_size=HEADER_LINE_BYTES,
            max_headers=HEADER_COUNT,
        )
        self.direct = self._transport(None)
        self.by_proxy = self._transport(httpx.Proxy(proxy.url, headers=proxy.headers)) if proxy else None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._session.close()

    def abandon(self) -> None:
        """Let go of the connections of a loop that is closed: it could not close them any more, and their
        sockets close when they are forgotten."""
        self._session.detach()
        self._connector._conns.clear()
        self._connector._closed = True

    def _transport(self, proxy: httpx.Proxy | None) -> httpx.AsyncBaseTransport:
        return AiohttpTransport(verify=tls_context(), trust_env=False, client=self._session, proxy=proxy)


def _connector(allowed: AllowedAddresses, *, per_host: int, total: int) -> aiohttp.TCPConnector:
    def make_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        refuse_unless_allowed(allowed, str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)

    connector = aiohttp.TCPConnector(
        ssl=tls_context(),
        limit=total,
        limit_per_host=per_host,
        keepalive_timeout=KEEPALIVE_SECONDS,
        socket_factory=make_socket,
    )
    # There is no argument for the class of its connections.
    connector._factory = functools.partial(_Protocol, loop=connector._loop)  # type: ignore[assignment] # invariant
    return connector


def body_here(response: httpx.Response) -> aiohttp.StreamReader | None:
    """Return where aiohttp keeps what has come of a body until it is read; None for httpx's own transport."""
    answer = getattr(response.stream, "_aiohttp_response", None)
    return None if answer is None else answer.content


def left_in(body: aiohttp.StreamReader) -> bytes:
    """Return what came before a body broke, which aiohttp gives to nobody any more."""
    return body._read_nowait(-1) if body._buffer else b""


def reading_from(response: httpx.Response) -> asyncio.Transport | None:
    """Return what reads for this answer alone, asked or not.

    None once the body has come whole, and for httpx's own transport, which reads when it is asked.
    """
    answer = getattr(response.stream, "_aiohttp_response", None)
    connection = None if answer is None else answer.connection
    return None if connection is None else connection.transport


class StockPool:
    """httpx's own transport, its pool made anew: there is no argument for the backend that connects."""

    def __init__(self, allowed: AllowedAddresses, proxy: Proxy | None, *, per_host: int, total: int) -> None:
        options: dict[str, Any] = {
            "ssl_context": tls_context(),
            "max_connections": min(per_host, total),
            "keepalive_expiry": KEEPALIVE_SECONDS,
            "network_backend": _CheckedBackend(allowed),
        }
        self.direct = _stock_transport(httpcore.AsyncConnectionPool(**options))
        self.by_proxy = None
        if proxy:
            by_proxy = httpcore.AsyncHTTPProxy(
                proxy.url, proxy_headers=list(proxy.headers.items()), **options
            )
            self.by_proxy = _stock_transport(by_proxy)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.direct.aclose()
        if self.by_proxy:
            await self.by_proxy.aclose()

    def abandon(self) -> None:
        """Let go of the connections of a loop that is closed: their sockets close when they are forgotten."""


def _stock_transport(pool: httpcore.AsyncConnectionPool) -> httpx.AsyncHTTPTransport:
    transport = httpx.AsyncHTTPTransport(verify=tls_context(), trust_env=False)
    transport._pool = pool
    return transport


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Resolves names itself, so that the address which was checked is the one connected."""

    def __init__(self, allowed: AllowedAddresses) -> None:
        self._allowed = allowed
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, *args: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        failure: Exception = RefusedAddressError("no address")
        for address in dict.fromkeys(str(info[4][0]) for info in found):
            try:
                refuse_unless_allowed(self._allowed, address)
                return await self._backend.connect_tcp(address, port, *args, **options)
            except (OSError, httpcore.ConnectError) as exc:
                failure = exc
        raise failure

"""The one module that knows the HTTP library: it opens requests, hands out bytes, and names what failed.

We speak httpx's API over aiohttp's parser (a third of the CPU per chunk, a tenth per GET), with a session of
our own: no cookies, no proxies from the environment, no redirects, bounded headers, and sockets that are
only made for addresses we allow. `stock=True` uses httpx's own transport with the same guarantees.
"""

import asyncio
import contextlib
import functools
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

import aiohttp
import h11
import httpcore
import httpx
from httpx_aiohttp import AiohttpTransport

from rax._addresses import AllowedAddresses
from rax._constants import (
    CLOSE_SECONDS,
    HEADER_COUNT,
    HEADER_LINE_BYTES,
    HEADER_VALUE_CHARS,
    KEEPALIVE_SECONDS,
)
from rax._exceptions import (
    AddressRefusedError,
    AnswerError,
    BaseURLError,
    ConnectError,
    ConnectionLostError,
    Kind,
    RaxError,
)

# aiohttp raises ValueError and bare OSErrors beside its own tree.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError, OSError, ValueError)

# Whether the operator trusts the name being connected to: a socket factory sees its address only. The tasks
# in which a connection is made copy the context of the request that wants it.
_trusts_host: ContextVar[bool] = ContextVar("trusts_host", default=False)
# Whether what is sent there is encrypted.
_is_encrypted: ContextVar[bool] = ContextVar("is_encrypted", default=False)


class _RefusedAddressError(OSError):
    """Raised while connecting; an OSError, so that a name's next address is tried."""


class _PlainHTTPError(OSError):
    """As above: the key would travel unencrypted over the public internet."""


class Answer:
    """A status, headers (lower-case names, bounded values), and a body that arrives."""

    __slots__ = ("_is_billable", "_is_read", "_response", "headers", "status_code")

    def __init__(self, response: httpx.Response, *, is_billable: bool) -> None:
        self._response = response
        self._is_billable = is_billable
        self._is_read = False
        self.status_code = response.status_code
        self.headers: Mapping[str, str] = {
            name.decode("latin-1").lower(): value[:HEADER_VALUE_CHARS].decode("latin-1")
            for name, value in response.headers.raw
        }

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body's bytes as they arrive and as they were sent; raise RaxError when it breaks."""
        stream = self._response.stream
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 an async client makes no other
        try:
            async for chunk in stream:  # not aiter_raw, which adds two generators to every chunk
                yield chunk
            self._is_read = True
            return
        except _FAILURES as exc:
            failure = classify(exc, is_billable=self._is_billable, has_headers=True)
        raise failure  # outside the except block: no exception of the library hangs on ours

    async def aclose(self) -> None:
        """Give the connection back if the body was read to its end, else close it at once."""
        with contextlib.suppress(*_FAILURES):
            # Giving back waits for nothing: it needs no timer.
            async with asyncio.timeout(None if self._is_read else CLOSE_SECONDS):
                await self._response.aclose()


class Transport:
    """A pool of connections; belongs to the event loop it is made in."""

    def __init__(self, allowed: AllowedAddresses, *, per_host: int, total: int, stock: bool) -> None:
        self._allowed = allowed
        make = _stock_transport if stock else _aiohttp_transport
        # Without httpx's client around it: that one adds redirects, cookies and authentication, none of which
        # we want, and a third of what a short request costs.
        self._transport = make(allowed, per_host=per_host, total=total)

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, connect_seconds: float
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
            token = _trusts_host.set(self._allowed.allows_host(request.url.host))
            encrypted = _is_encrypted.set(request.url.scheme == "https")
            try:
                response = await self._transport.handle_async_request(request)
                return Answer(response, is_billable=is_billable)
            finally:
                _trusts_host.reset(token)
                _is_encrypted.reset(encrypted)
        except _FAILURES as exc:
            failure = classify(exc, is_billable=is_billable)
        raise failure

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()


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


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Return the process's TLS settings: certifi's authorities and the system's own.

    Loading them takes up to 200 ms, so processes that stream call this at start-up.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _aiohttp_transport(allowed: AllowedAddresses, *, per_host: int, total: int) -> httpx.AsyncBaseTransport:
    def make_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        _refuse_unless_allowed(allowed, str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)

    connector = aiohttp.TCPConnector(
        ssl=tls_context(),
        limit=total,
        limit_per_host=per_host,
        keepalive_timeout=KEEPALIVE_SECONDS,
        socket_factory=make_socket,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        max_line_size=HEADER_LINE_BYTES,
        max_field_size=HEADER_LINE_BYTES,
        max_headers=HEADER_COUNT,
    )
    return AiohttpTransport(verify=tls_context(), trust_env=False, client=session)


def _stock_transport(allowed: AllowedAddresses, *, per_host: int, total: int) -> httpx.AsyncBaseTransport:
    transport = httpx.AsyncHTTPTransport(verify=tls_context(), trust_env=False)
    # httpx has no argument for the backend that connects; its pool, made anew, has.
    transport._pool = httpcore.AsyncConnectionPool(
        ssl_context=tls_context(),
        max_connections=min(per_host, total),
        keepalive_expiry=KEEPALIVE_SECONDS,
        network_backend=_CheckedBackend(allowed),
    )
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
        failure: Exception = _RefusedAddressError("no address")
        for address in dict.fromkeys(str(info[4][0]) for info in found):
            try:
                _refuse_unless_allowed(self._allowed, address)
                return await self._backend.connect_tcp(address, port, *args, **options)
            except (OSError, httpcore.ConnectError) as exc:
                failure = exc
        raise failure


def _refuse_unless_allowed(allowed: AllowedAddresses, address: str) -> None:
    if _trusts_host.get():
        return
    if not allowed.allows_address(address):
        raise _RefusedAddressError("address refused")
    if not _is_encrypted.get() and not allowed.allows_plain_http(address):
        raise _PlainHTTPError("plain http refused")


def classify(exc: BaseException, *, is_billable: bool, has_headers: bool = False) -> RaxError:
    """Return our error for one of the library's, by the classes in its chain and never by its text.

    httpx-aiohttp turns a refused connection, a failed name, a full pool and a server that hangs up
    after reading a POST into the same `ConnectTimeout`: only the cause tells them apart. What cannot be told
    is called lost after sending, so that nobody believes a billed request to be free.
    """
    chain = tuple(_chain(exc))

    def has(*classes: type[BaseException]) -> bool:
        return any(isinstance(link, classes) for link in chain)

    if has(_RefusedAddressError):
        return AddressRefusedError("The server's address is not allowed.", kind=Kind.ADDRESS_REFUSED)
    if has(_PlainHTTPError):
        return AddressRefusedError("Plain http would show the key on its way.", kind=Kind.PLAIN_HTTP)
    if has(aiohttp.InvalidURL, httpx.InvalidURL, httpx.UnsupportedProtocol):
        return BaseURLError("The base URL cannot be connected to.")
    if has(socket.gaierror, aiohttp.ClientConnectorDNSError):
        return ConnectError("The server's name was not found.", kind=Kind.NAME_NOT_FOUND)
    is_connecting = has(aiohttp.ClientConnectorError, httpx.ConnectError, httpcore.ConnectError)
    if has(aiohttp.ClientSSLError) or (is_connecting and has(ssl.SSLError)):
        return ConnectError("No trusted TLS connection could be made.", kind=Kind.TLS_FAILED)
    if has(aiohttp.ConnectionTimeoutError, httpx.PoolTimeout, httpcore.ConnectTimeout):
        return ConnectError("No connection was made in time.", kind=Kind.CONNECT_TIMEOUT)
    if is_connecting:
        return ConnectError("The server could not be reached.", kind=Kind.CONNECT_FAILED)
    if not has_headers and has(aiohttp.ClientResponseError, h11.ProtocolError, ValueError):
        return AnswerError("The server's answer is not HTTP.", kind=Kind.NOT_HTTP, maybe_billed=is_billable)
    return ConnectionLostError(
        "The connection to the server was lost.", kind=Kind.CONNECTION_LOST, maybe_billed=is_billable
    )


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    while exc is not None:
        yield exc
        exc = exc.__cause__ or exc.__context__

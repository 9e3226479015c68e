"""Which of our errors one of the HTTP library's is: by its class, for its words may hold the key."""

import socket
import ssl
from collections.abc import Iterable, Iterator
from typing import Final

import aiohttp
import h11
import httpcore
import httpx

from rax._exceptions import (
    AddressRefusedError,
    AnswerError,
    BaseURLError,
    ConnectError,
    ConnectionLostError,
    Deadline,
    Kind,
    RaxError,
    deadline_words,
)
from rax._transport.reach import PlainHTTPError, RefusedAddressError

# aiohttp raises ValueError and bare OSErrors beside its own tree.
FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError, OSError, ValueError)
ALLOW: Final = (
    'To allow it, pass Client(…, connections=Connections(allow=["127.0.0.0/8", "localhost"])), '
    "with its network, address or name."
)


def classify(
    exc: BaseException, *, is_billable: bool, has_headers: bool = False, connect_seconds: float | None = None
) -> RaxError:
    """Return our error for one of the library's, by the classes in its chain and never by its text.

    httpx-aiohttp turns a refused connection, a failed name, a full pool and a server that hangs up
    after reading a POST into the same `ConnectTimeout`: only the cause tells them apart. What cannot be told
    is called lost after sending, so that nobody believes a billed request to be free.
    """
    chain = tuple(_chain(exc))

    def has(*classes: type[BaseException]) -> bool:
        return any(isinstance(link, classes) for link in chain)

    if has(RefusedAddressError):
        return AddressRefusedError(
            f"The server is not on the public internet. {ALLOW}", kind=Kind.ADDRESS_REFUSED
        )
    if has(PlainHTTPError):
        words = f"Plain http would show the key on its way: ask by https. {ALLOW}"
        return AddressRefusedError(words, kind=Kind.PLAIN_HTTP)
    if has(aiohttp.InvalidURL, httpx.InvalidURL, httpx.UnsupportedProtocol):
        return BaseURLError("The base URL cannot be connected to.")
    if has(aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError, httpcore.ProxyError):
        return _proxy_failed(chain)
    if has(socket.gaierror, aiohttp.ClientConnectorDNSError):
        return ConnectError("The server's name was not found.", kind=Kind.NAME_NOT_FOUND)
    is_connecting = has(aiohttp.ClientConnectorError, httpx.ConnectError, httpcore.ConnectError)
    if has(aiohttp.ClientSSLError) or (is_connecting and has(ssl.SSLError)):
        return ConnectError("No trusted TLS connection could be made.", kind=Kind.TLS_FAILED)
    if has(aiohttp.ConnectionTimeoutError, httpx.PoolTimeout, httpcore.ConnectTimeout):
        return _connect_timeout(connect_seconds)
    if is_connecting:
        return ConnectError("The server could not be reached.", kind=Kind.CONNECT_FAILED)
    if not has_headers and has(aiohttp.ClientResponseError, h11.ProtocolError, ValueError):
        return AnswerError("The server's answer is not HTTP.", kind=Kind.NOT_HTTP, maybe_billed=is_billable)
    return ConnectionLostError(
        "The connection to the server was lost.", kind=Kind.CONNECTION_LOST, maybe_billed=is_billable
    )


def _proxy_failed(chain: Iterable[BaseException]) -> ConnectError:
    """Return the error of a proxy, with the status it answered where it did."""
    told = [link.status for link in chain if isinstance(link, aiohttp.ClientHttpProxyError)]
    words = f"The outbound proxy answered {told[0]}." if told else "The outbound proxy made no connection."
    return ConnectError(words, kind=Kind.PROXY_FAILED, status_code=told[0] if told else None)


def _connect_timeout(seconds: float | None) -> ConnectError:
    # Without a bound of ours it was the system that gave up.
    words = deadline_words(Deadline.CONNECT, seconds) if seconds else "No connection was made in time."
    error = ConnectError(words, kind=Kind.CONNECT_TIMEOUT)
    if seconds:
        error.deadline, error.seconds = Deadline.CONNECT, seconds
    return error


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    while exc is not None:
        yield exc
        exc = exc.__cause__ or exc.__context__

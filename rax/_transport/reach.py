"""Whether a request may go where it is to go: refused while connecting, by the address that is connected.

A socket is made for an address, and does not know for whom: the tasks in which connections are made copy the
context of the request that wants one, so what must be known of it stands there.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from contextvars import ContextVar

import httpx

from rax._addresses import AllowedAddresses

# Whether the operator trusts whatever is connected to: its name is listed, or it is the operator's proxy.
_trusts: ContextVar[bool] = ContextVar("trusts", default=False)
# Whether what is sent there is encrypted.
_is_encrypted: ContextVar[bool] = ContextVar("is_encrypted", default=False)


class RefusedAddressError(OSError):
    """Raised while connecting; an OSError, so that a name's next address is tried."""


class PlainHTTPError(OSError):
    """As above: the key would travel unencrypted over the public internet."""


@contextlib.contextmanager
def reaching(url: httpx.URL, allowed: AllowedAddresses, *, by_proxy: bool) -> Iterator[None]:
    """Let connections that are made in this block go where `url` may."""
    trusted = _trusts.set(by_proxy or allowed.allows_host(url.host))
    encrypted = _is_encrypted.set(url.scheme == "https")
    try:
        yield
    finally:
        _trusts.reset(trusted)
        _is_encrypted.reset(encrypted)


def refuse_unless_allowed(allowed: AllowedAddresses, address: str) -> None:
    """Raise for a literal address that may not be connected to now."""
    if not _trusts.get():
        _refuse(allowed, address, is_encrypted=_is_encrypted.get())


async def refuse_unless_allowed_by_proxy(url: httpx.URL, allowed: AllowedAddresses) -> None:
    """Raise where a proxy may not be asked for this address, as far as that can be told from here.

    The proxy resolves names itself, perhaps otherwise. A name that is known here must lead to an allowed
    address here too; one that is not is left to the proxy, encrypted.
    """
    if allowed.allows_host(url.host):
        return
    is_encrypted = url.scheme == "https"
    addresses = await _addresses(url.host)
    for address in addresses:
        _refuse(allowed, address, is_encrypted=is_encrypted)
    if not addresses and not is_encrypted:
        raise PlainHTTPError("plain http refused")


async def _addresses(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(info[4][0]) for info in found]


def _refuse(allowed: AllowedAddresses, address: str, *, is_encrypted: bool) -> None:
    if not allowed.allows_address(address):
        raise RefusedAddressError("address refused")
    if not is_encrypted and not allowed.allows_plain_http(address):
        raise PlainHTTPError("plain http refused")

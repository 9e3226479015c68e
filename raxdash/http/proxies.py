"""Say in the log, once for each address, whose X-Forwarded headers are not believed.

The server believes those of FORWARDED_ALLOW_IPS and says nothing of others. Behind a proxy that is not named
every request looks like plain http, and every page is redirected to itself for ever.
"""

import logging

from common.asgi import Scope

logger = logging.getLogger(__name__)

# Anybody can send such a header.
MOST_ADDRESSES = 50
told: set[str] = set()


def tell_unbelieved(scope: Scope) -> None:
    """Log the address that a request came from, where its X-Forwarded headers changed nothing."""
    if not is_unbelieved(scope):
        return
    address = peer(scope) or "a Unix socket"
    if address in told or len(told) >= MOST_ADDRESSES:
        return
    told.add(address)
    logger.warning(
        "X-Forwarded headers from %s are not believed: if that is your proxy, name it in FORWARDED_ALLOW_IPS",
        address,
    )


def is_unbelieved(scope: Scope) -> bool:
    """Tell whether the request says of itself what the server did not take over: its scheme or its sender."""
    said = {name: value.decode("latin-1").strip() for name, value in scope["headers"]}
    scheme = said.get(b"x-forwarded-proto", "")
    if scheme in {"http", "https"}:
        return bool(scheme != scope["scheme"])
    sender = said.get(b"x-forwarded-for", "")
    return bool(sender) and peer(scope) not in sender


def peer(scope: Scope) -> str:
    """Return the address that the request came from, as the server sees it; empty for a Unix socket."""
    client = scope.get("client")
    return client[0] if client else ""

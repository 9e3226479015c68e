"""The outbound proxy that requests go by, where whoever runs this has one."""

from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from rax._addresses import AllowedAddresses
from rax._exceptions import ArgumentError


class Proxy:
    """An HTTP proxy, and what is asked without it: the networks, addresses and names of `direct`.

    Its password shows itself to nobody. Raises ArgumentError, without what it was given, for anything but
    `http://[user:password@]host[:port]`.
    """

    def __init__(self, url: str, direct: Iterable[str] = ()) -> None:
        self._direct = AllowedAddresses(direct)
        try:
            parts = urlsplit(url) if isinstance(url, str) and url.isascii() else urlsplit("")
            host, port = parts.hostname, parts.port or 80
        except ValueError:
            host, port = None, 0
        if not host or parts.scheme != "http" or parts.path.strip("/") or parts.query or parts.fragment:
            raise ArgumentError("A proxy must be an address such as http://user:password@proxy.example:3128.")
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self.headers = _authorization(parts.username, parts.password)

    def takes(self, host: str) -> bool:
        """Whether requests to this host go by the proxy."""
        return not self._direct.lists(host)

    def __repr__(self) -> str:
        return f"Proxy({self.url!r})"


def _authorization(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    words = f"{unquote(user)}:{unquote(password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(words.encode()).decode()}"}

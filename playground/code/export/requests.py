"""What is exported: where a request goes, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from rax import asks_for_usage

PATH = "/chat/completions"
# The variable of the environment that programs take the key from: it is never in them.
KEY_VARIABLE = "RAX_API_KEY"
STREAMING = ("stream", "stream_options")
# The `stream_options` that ask for the tokens of a stream.
ASKS_FOR_TOKENS = {"include_usage": True}
LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A request to a server: its base URL, and its body before it is encoded. No key is in it."""

    base_url: str
    payload: Mapping[str, Any]

    @property
    def url(self) -> str:
        """The address that it is sent to."""
        return f"{self.base_url.rstrip('/')}{PATH}"

    @property
    def streams(self) -> bool:
        """Whether its answer is streamed."""
        return self.payload.get("stream") is True

    @property
    def private_addresses(self) -> tuple[str, ...]:
        """The addresses to allow where its server is told by one that is not public."""
        host = urlsplit(self.base_url).hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return LOOPBACK
        try:
            address = ip_address(host)
        except ValueError:
            return ()
        return () if address.is_global else (f"{address}/{address.max_prefixlen}",)

    def streamed(self, streams: bool) -> "CodeRequest":
        """Return the same request with its answer streamed, or whole."""
        if streams == self.streams:
            return self
        payload = {name: value for name, value in self.payload.items() if name not in STREAMING}
        if streams:
            payload["stream"] = True
        if streams and asks_for_usage(self.base_url):
            payload["stream_options"] = ASKS_FOR_TOKENS
        return replace(self, payload=payload)

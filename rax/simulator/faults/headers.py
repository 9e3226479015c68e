"""Faults that add headers to an answer, whatever it is."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from rax.simulator.clock import http_time
from rax.simulator.faults.registry import on_headers

ECHO: Final = "X-Asked-With"

_SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "": str,
    "base64": lambda key: b64encode(key.encode()).decode(),
    "hex": lambda key: key.encode().hex(),
    "upper": str.upper,
    "url": lambda key: quote(key, safe="").replace("_", "%5F"),
    "beginning": lambda key: key[:-1] + "...",
}


@on_headers(
    "echo-key",
    "The key comes back in a header and in the JSON; the argument is base64, hex, upper, url or beginning.",
)
def echo_key(key: str, now: datetime, argument: str) -> dict[str, str]:
    return {ECHO: _SPELLINGS.get(argument, str)(key)}


@on_headers("odd-date", "The `Date` is off by the argument's seconds; without one it is no date at all.")
def odd_date(key: str, now: datetime, argument: str) -> dict[str, str]:
    return {"Date": http_time(now + timedelta(seconds=float(argument))) if argument else "soon"}

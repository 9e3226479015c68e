"""Checks of what callers hand us, made before anything is sent."""

import functools
import re
from datetime import date, datetime
from urllib.parse import urlsplit

from rax._constants import URL_CHARS
from rax._exceptions import ArgumentError, BaseURLError

# Printable ASCII, but for # and ?, which begin what no base URL has, and \, which parsers read differently.
_URL_SHAPE = re.compile(r"[!\"$->@-\[\]-~]+")


def check_base_url(url: str) -> str:
    """Return the base URL without trailing slashes; raise BaseURLError for what is no plain address."""
    if not isinstance(url, str) or len(url) > URL_CHARS or not _URL_SHAPE.fullmatch(url):
        raise BaseURLError("The base URL must be ASCII without query or fragment, at most 2,000 characters.")
    return _plain(url)


@functools.lru_cache(maxsize=1_000)  # many keys of few servers
def _plain(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_plain = False
    if not is_plain or "@" in parts.netloc:
        raise BaseURLError("The base URL must be http or https, with a host and without credentials.")
    return url.rstrip("/")


def check_count(name: str, value: object, *, least: int) -> None:
    """Raise ArgumentError for anything but a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ArgumentError(f"{name} must be a whole number, {least} or more.")


def check_kind(name: str, value: object, kind: type) -> None:
    """Raise ArgumentError for what is not of this class."""
    if not isinstance(value, kind):
        raise ArgumentError(f"{name} must be a {kind.__name__}.")


def check_day(name: str, value: object) -> str:
    """Return a day as it is written in an address; raise ArgumentError for what is none."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ArgumentError(f"{name} must be a date.")
    return value.isoformat()

"""The servers that settings name by an address: the database, Redis, who sends mail."""

import os
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit, urlunsplit

import dj_database_url

from raxdash.environment import envint, envtext, stop

# A connection is no older: what a server of databases wants changed for new ones comes to all of them.
CONNECTION_SECONDS = 300
# What each connection to a file is told first.
SQLITE = {
    "journal_mode": "WAL",
    "synchronous": "NORMAL",
    # The file is read where the system has it in memory: the 2 MB that each connection keeps by itself are
    # too few for the rows of many keys.
    "mmap_size": 1 << 30,
}


def database(default: str) -> dict[str, Any]:
    """Return Django's settings for `DATABASE_URL`: SQLite by default, or PostgreSQL."""
    settings = named_database(envtext("DATABASE_URL", default))
    given = settings.get("OPTIONS", {})
    settings |= sqlite() if settings["ENGINE"].endswith("sqlite3") else postgresql(settings["PASSWORD"])
    settings["OPTIONS"] |= given | {"statement_seconds": statement_seconds()}
    if is_web():
        # A thread that answers one request after the other keeps its connection, and asks whether it lives.
        settings |= {"CONN_MAX_AGE": CONNECTION_SECONDS, "CONN_HEALTH_CHECKS": True}
    return settings


def named_database(url: str) -> dict[str, Any]:
    """Return what an address says, as Django names it; stop where it cannot be read."""
    if urlsplit(url).scheme not in {"sqlite", "postgres", "postgresql"}:
        stop("DATABASE_URL", "must begin with sqlite:///, postgres:// or postgresql://")
    if urlsplit(url).scheme != "sqlite":
        parts_of("DATABASE_URL", url, "DATABASE_PASSWORD")
    try:
        return dict(dj_database_url.parse(url))
    except (ValueError, dj_database_url.ParseError):
        stop("DATABASE_URL", "cannot be read: write postgres://user:password@host:5432/name")


def sqlite() -> dict[str, Any]:
    """Return how a file is opened."""
    return {
        "ENGINE": "common.database.backends.sqlite3",
        "OPTIONS": {
            # Write transactions take their lock at once: a deferred one fails instead of waiting.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "; ".join(f"PRAGMA {name}={value}" for name, value in SQLITE.items()),
        },
    }


def postgresql(password: str) -> dict[str, Any]:
    """Return how a server is reached, with the password of its address or else `DATABASE_PASSWORD`."""
    return {
        "ENGINE": "common.database.backends.postgresql",
        "PASSWORD": password or envtext("DATABASE_PASSWORD"),
        "OPTIONS": {
            "connect_timeout": envint("DATABASE_CONNECT_TIMEOUT_SECONDS", 5, least=1, most=60),
            # A machine that is gone says nothing: it is noticed in half a minute.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 4,
            "tcp_user_timeout": 30_000,
        },
    }


def statement_seconds() -> int:
    """Return how long a statement may last: a page waits less long than the worker or a command."""
    short = envint("DATABASE_TIMEOUT_SECONDS", 30, least=0, most=3_600)
    long = envint("DATABASE_LONG_TIMEOUT_SECONDS", 3_600, least=0, most=86_400)
    return short if is_web() else long


def is_web() -> bool:
    """Tell whether this process answers people."""
    return os.environ.get("RAXDASH_PROCESS") == "web"


def redis_address() -> str:
    """Return `REDIS_URL` with `REDIS_PASSWORD` in it, escaped; empty where there is no Redis."""
    url = envtext("REDIS_URL")
    if not url:
        return ""
    if not url.startswith(("redis://", "rediss://", "unix://")):
        stop("REDIS_URL", "must begin with redis://, rediss:// or unix://")
    parts = parts_of("REDIS_URL", url, "REDIS_PASSWORD")
    password = envtext("REDIS_PASSWORD")
    if not password or parts.password:
        return url
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username or ''}:{quote(password, safe='')}@{host}"))


def parts_of(name: str, url: str, password: str) -> SplitResult:
    """Return the parts of a server's address; stop where a password in it makes it mean something else.

    `password` is the setting that takes one as it is.
    """
    try:
        parts = urlsplit(url)
        valid = parts.port != 0 and bool(parts.hostname or not parts.netloc)
    except ValueError:
        valid = False
    rest = parts.path + parts.query.partition("=")[0] + parts.fragment if valid else ""
    if not valid or "@" in rest:
        stop(name, f"cannot be read: it names no host, or a password with / # ? or @ belongs in {password}")
    return parts


def mailer(*, production: bool) -> dict[str, Any]:
    """Return Django's mailer for `EMAIL_URL`: `console://` or `smtp[s]://user:password@host:port`.

    `smtps` speaks TLS from the first byte; `smtp` switches to it (STARTTLS) unless `?tls=off` is added.
    Production must say it: on a console, links that reset passwords would stand in the log.
    """
    url = envtext("EMAIL_URL", "" if production else "console://")
    if not url:
        stop("EMAIL_URL", "is not set: production needs it (console:// prints mails to the log)")
    parts = parts_of("EMAIL_URL", url, "EMAIL_PASSWORD")
    if parts.scheme not in {"console", "smtp", "smtps"} or not (parts.hostname or parts.scheme == "console"):
        stop("EMAIL_URL", "must read console:// or smtp[s]://user:password@host:port")
    if parts.scheme == "console":
        return {"BACKEND": "raxdash.logs.console_mail.EmailBackend"}
    secure = parts.scheme == "smtps"
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or (465 if secure else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or "") or envtext("EMAIL_PASSWORD"),
            "use_ssl": secure,
            "use_tls": not secure and parse_qs(parts.query).get("tls") != ["off"],
            "timeout": 10,
        },
    }

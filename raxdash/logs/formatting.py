"""Log lines for people, or JSON for machines (`LOG_FORMAT`), each with its request and run.

No line holds an address of ours: `raxdash/logs/addresses.py` says why and how.
"""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson

from common import tracing
from raxdash.logs.addresses import STANDARD, without_addresses


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC, ISO 8601), level, logger, message, ids, and `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": tracing.request_id.get() or None,
            "run_id": tracing.run_id.get() or None,
        }
        extra = {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            extra["exception"] = record.exc_text or self.formatException(record.exc_info)
        known = {name: value for name, value in {**extra, **line}.items() if value is not None}
        return orjson.dumps(known, default=str).decode()


class LineFormatter(logging.Formatter):
    """A line for a terminal; the request's or run's id stands at its end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, of an exception several."""
        ids = [tracing.run_id.get(), tracing.request_id.get()]
        text = super().format(record)
        return f"{text} [{' '.join(filter(None, ids))}]" if any(ids) else text


def not_told_already(record: logging.LogRecord) -> bool:
    """Drop Django's traceback of a database that was away: `errors.unavailable` has told it in one line."""
    is_unavailable = record.__dict__.get("status_code") == 503
    return not (record.name == "django.request" and is_unavailable and record.exc_info)


def without_blame(record: logging.LogRecord) -> bool:
    """Tell of what was refused in a line: a role that may not, too many fields, another host. No mistake of
    ours is among them."""
    status = record.__dict__.get("status_code")
    is_refusal = record.name == "django.request" and status is not None and status < 500
    if is_security := record.name.startswith("django.security"):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    if is_refusal or is_security:
        record.exc_info = None
    return True


def configuration(kind: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING for `kind` (`line` or `json`) at this level."""
    formatter = {"()": f"raxdash.logs.formatting.{'JsonFormatter' if kind == 'json' else 'LineFormatter'}"}
    filters = [not_told_already, without_blame, without_addresses]
    # The stream of now: `json_streams` puts another one in its place, which writes here in the end.
    console = {
        "class": "logging.StreamHandler",
        "stream": sys.stderr,
        "formatter": "chosen",
        "filters": filters,
    }
    # Our own tasks say in one line what they did; these would say it thrice.
    quiet = {name: {"level": "WARNING"} for name in ("httpx", "httpcore", "aiohttp", "celery", "kombu")}
    # The server logs through handlers of its own unless told otherwise.
    server = {name: {"handlers": [], "propagate": True} for name in ("uvicorn", "uvicorn.error")}
    # Named, or dictConfig would wake it again as a child of `uvicorn`, whatever `--no-access-log` says.
    access = {name: {"handlers": [], "propagate": False} for name in ("uvicorn.access", "django.server")}
    requests = {"raxdash.requests": {"level": "INFO" if kind == "json" else "WARNING"}}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": formatter},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": level},
        "loggers": quiet | server | access | requests,
    }

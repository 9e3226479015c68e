"""Log lines for people, or JSON for machines (`LOG_FORMAT`), each with its request and run.

No line holds an address of ours: invitations, password resets and the first start carry tokens in theirs.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

from common import tracing

# What every record has; all else was given by the caller as `extra`.
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


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
            extra["exception"] = self.formatException(record.exc_info)
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


def without_address(record: logging.LogRecord) -> bool:
    """Tell a request by its route where Django tells it by its address; every record passes."""
    request = record.__dict__.pop("request", None)
    match = getattr(request, "resolver_match", None)
    if hasattr(request, "path") and isinstance(record.args, tuple):
        route = match.view_name if match else "(no route)"
        record.args = tuple(route if argument == request.path else argument for argument in record.args)
    return True


def not_told_already(record: logging.LogRecord) -> bool:
    """Drop Django's traceback of a database that was away: `errors.unavailable` has told it in one line."""
    is_unavailable = record.__dict__.get("status_code") == 503
    return not (record.name == "django.request" and is_unavailable and record.exc_info)


def configuration(kind: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING for `kind` (`line` or `json`) at this level."""
    formatter = {"()": f"raxdash.logs.{'JsonFormatter' if kind == 'json' else 'LineFormatter'}"}
    filters = [not_told_already, without_address]
    console = {"class": "logging.StreamHandler", "formatter": "chosen", "filters": filters}
    # Our own tasks say in one line what they did; these would say it thrice.
    quiet = {name: {"level": "WARNING"} for name in ("httpx", "aiohttp", "celery", "kombu")}
    # The server logs through handlers of its own unless told otherwise.
    server = {name: {"handlers": [], "propagate": True} for name in ("uvicorn", "uvicorn.error")}
    # Named, or dictConfig would wake it again as a child of `uvicorn`, whatever `--no-access-log` says.
    access = {"uvicorn.access": {"handlers": [], "propagate": False}}
    requests = {"raxdash.requests": {"level": "INFO" if kind == "json" else "WARNING"}}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": formatter},
        "handlers": {"console": console},
        "root": {"handlers": ["console"], "level": level},
        "loggers": quiet | server | access | requests,
    }

"""Every line of a server's output is a JSON object where machines read it, also what no logger wrote.

Celery prints a banner and says that it stops, libraries warn and print, Python prints why it ends.
"""

import atexit
import logging
import sys
import threading
from types import TracebackType
from typing import TextIO

from django.conf import settings

_busy = threading.local()


class JsonLines:
    """A text stream that logs each line written to it. It has no file number: nothing can go around it."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, name: str, level: int, beneath: TextIO | None = None) -> None:
        self._beneath = beneath
        self._logger, self._level = logging.getLogger(name), level
        self._lock = threading.RLock()  # also for a signal that comes in the middle of a line
        self._begun = ""

    def write(self, text: str) -> int:
        """Log the lines that are complete."""
        with self._lock:
            *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._log(line)
        return len(text)

    def write_as_it_is(self, line: str) -> None:
        """Write a line that is JSON already, and holds what no log may."""
        print(line, file=self._beneath, flush=True)

    def flush(self) -> None:
        """Keep a line that has only begun: it may go on."""

    def finish(self) -> None:
        """Log what was begun, at the end of the process."""
        with self._lock:
            line, self._begun = self._begun, ""
        self._log(line)

    def isatty(self) -> bool:
        """Tell that nobody looks."""
        return False

    def writable(self) -> bool:
        """Tell that it takes text."""
        return True

    def _log(self, line: str) -> None:
        # What a handler says of its own failure must not make it fail again.
        if line.strip() and not getattr(_busy, "is_logging", False):
            _busy.is_logging = True
            try:
                self._logger.log(self._level, "%s", line)
            finally:
                _busy.is_logging = False


def install() -> None:
    """Log all output of this process from now on, where logs are JSON; handlers keep the real stream."""
    if settings.LOG_FORMAT != "json" or isinstance(sys.stderr, JsonLines):
        return
    logging.captureWarnings(True)
    sys.excepthook = told
    threading.excepthook = lambda failure: told(
        failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback
    )
    out = JsonLines("stdout", logging.INFO, sys.stdout)
    err = JsonLines("stderr", logging.WARNING, sys.stderr)
    atexit.register(out.finish)
    atexit.register(err.finish)
    for name, stream in (("stdout", out), ("stderr", err)):
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)  # Celery prints there


def told(kind: type[BaseException], failure: BaseException, trace: TracebackType | None) -> None:
    """Log an exception that nobody caught, as one line."""
    logging.getLogger("raxdash").critical("%s ended it", kind.__name__, exc_info=(kind, failure, trace))

"""What the modules of a process hold, written to a file as JSON: `python -m tests.forks.state <file>`.

It loads what web processes and workers load, Celery's tasks too.
"""

import json
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path, PosixPath
from types import ModuleType
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.contrib.auth import signals as of_sign_ins
from django.core import signals as of_requests
from django.core.management import call_command
from django.db.backends import signals as of_connections
from django.db.models import signals as of_models
from django.dispatch import Signal

OURS = ("common", "teams", "usage", "playground", "rax", "raxdash")
SIGNALS = (of_sign_ins, of_requests, of_connections, of_models)
PLAIN = {str, bytes, int, float, bool, type(None), PosixPath, date, datetime, timedelta, Decimal, UUID}
DEEP = 4


def main() -> None:
    """Load as a process does, and tell of each module what others could find in it."""
    import raxdash.asgi  # noqa: F401  it sets Django up

    call_command("check", verbosity=0)
    current_app.loader.import_default_modules()
    tasks = dict.fromkeys(current_app.tasks, "")
    told = {
        name: contents(module) for name, module in list(sys.modules.items()) if name.split(".")[0] in OURS
    }
    told["settings"] = {
        name: described(getattr(settings, name), DEEP) for name in dir(settings) if name.isupper()
    }
    told["tasks"] = tasks
    told["signals"] = heard()
    Path(sys.argv[1]).write_text(json.dumps(told))


def contents(module: ModuleType) -> dict[str, str]:
    """Return what each name of a module says, but for those that Python gives it."""
    return {
        name: described(value, DEEP)
        for name, value in list(vars(module).items())
        if not (name.startswith("__") or isinstance(value, ModuleType))
    }


def described(value: Any, depth: int) -> str:
    """Return what something plain says, or what it consists of: an object of ours of its attributes."""
    kind = type(value)
    if isinstance(value, dict):
        return str(sorted((described(key, depth), described(one, depth - 1)) for key, one in value.items()))
    if kind in (list, tuple):
        return str([described(one, depth - 1) for one in value])
    if kind in (set, frozenset):
        return str(sorted(described(one, depth - 1) for one in value))
    if depth and kind.__module__.split(".")[0] in OURS and hasattr(value, "__dict__"):
        return f"{kind.__qualname__} {described(vars(value), depth - 1)}"
    return repr(value) if kind in PLAIN else f"{kind.__qualname__} {getattr(value, '__qualname__', '')}"


def heard() -> dict[str, str]:
    """Return how many hear each of Django's signals, but for one that nobody sends outside tests."""
    signals = [(f"{one.__name__}.{name}", signal) for one in SIGNALS for name, signal in vars(one).items()]
    return {
        name: str(len(one.receivers))
        for name, one in signals
        if isinstance(one, Signal) and one is not of_requests.setting_changed
    }


if __name__ == "__main__":
    main()

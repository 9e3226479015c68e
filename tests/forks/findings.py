"""What a process finds as it begins, printed as JSON: `python -m tests.forks.findings [arguments]`."""

import gc
import json
import locale
import os
import resource
import signal
import sys
import threading
import warnings
from typing import Any

from django.conf import settings


def findings() -> dict[str, Any]:
    """Return what could differ between a process that was forked and one that was started afresh."""
    files = os.listdir("/dev/fd")
    return {
        "arguments": sys.argv,
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "path": sys.path,
        "flags": list(sys.flags),
        "main": [__name__, __file__, sys.modules["__main__"].__file__],
        "interpreter": [sys.executable, sys.prefix],
        "language": [
            locale.getpreferredencoding(False),
            locale.setlocale(locale.LC_ALL),
            sys.getfilesystemencoding(),
        ],
        "output": [[repr(one), one.errors] for one in (sys.stdout, sys.stderr)],
        "input": [sys.stdin.encoding, sys.stdin.read()],
        "files": [file for file in files if os.path.exists(f"/dev/fd/{file}")],
        "signals": {
            number.name: str(signal.getsignal(number))
            for number in signal.valid_signals()
            if number in set(signal.Signals)
        },
        "blocked": list(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
        "limits": [resource.getrlimit(number) for number in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)],
        "mask": os.umask(0o22),
        "leads_its_session": os.getsid(0) == os.getpid(),
        "threads": threading.active_count(),
        "warnings": [str(one) for one in warnings.filters if one[2].__module__ == "builtins"],
        "collector": [gc.isenabled(), gc.get_threshold()],
        "knows_settings": settings.configured,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(findings()))
    sys.exit(len(sys.argv))

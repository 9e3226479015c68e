"""Ask the web process of this container whether it serves; exit 0 when it does."""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    """Return the exit code."""
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
    # Only hosts that people may type are answered.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*") or "localhost"
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=2):
            return 0
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""Ask the web process of this container or service whether it serves; exit 0 when it does."""

import os
import sys
import urllib.error
import urllib.request

# Who listens everywhere listens here.
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def main() -> int:
    """Return the exit code."""
    listens_on = os.environ.get("HOST", "").strip()
    server = EVERYWHERE.get(listens_on, listens_on)
    server = f"[{server}]" if ":" in server else server
    address = f"http://{server}:{os.environ.get('PORT', '8000')}/healthz"
    # Only hosts that people may type are answered.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*") or "localhost"
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=2):
            return 0
    except (urllib.error.URLError, OSError):
        return 1


if __name__ == "__main__":
    sys.exit(main())

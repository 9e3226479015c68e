"""Which browser the tests drive, and how people's widths and themes are set."""

import os
import shutil
from typing import Any

from playwright.sync_api import ViewportSize

# Chromium without windows, a whole one that is there, then whatever Playwright has installed.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


def launch_options() -> dict[str, Any]:
    """Return what Playwright needs to start Chromium here, also as root."""
    paths = (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES))
    found = next((path for path in paths if path), None)
    return {"headless": True, "args": ARGUMENTS} | ({"executable_path": found} if found else {})

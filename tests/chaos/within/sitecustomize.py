"""Read by each Python whose clock a test sets: `CLOCK_FILE` says by how many seconds it is ahead."""

import os
import threading
import time
from pathlib import Path

import time_machine

FILE = Path(os.environ["CLOCK_FILE"])
LOOKS_EVERY_SECONDS = 0.1


def follow(clock: time_machine.Traveller, ahead: int) -> None:
    """Set the clock whenever the file says so."""
    while True:
        time.sleep(LOOKS_EVERY_SECONDS)
        wanted = int(FILE.read_text() or ahead)
        clock.shift(wanted - ahead)
        ahead = wanted


ahead_at_first = int(FILE.read_text())
clock = time_machine.travel(time.time() + ahead_at_first, tick=True).start()
threading.Thread(target=follow, args=(clock, ahead_at_first), daemon=True).start()

"""raxdash's Celery app whose beat has a clock that is an hour ahead, until the file of this name is there.

`SET_BACK` names it: whoever makes it sets the clock back.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from tests.brisk import app

__all__ = ["app"]

FILE = Path(os.environ["SET_BACK"])
right_now = app.now


def now() -> datetime:
    return right_now() if FILE.exists() else right_now() + timedelta(hours=1)


app.now = now

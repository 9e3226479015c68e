"""raxdash's Celery app that looks often for what is due, so that tests wait less.

The worker's own lane looks twice a second. Beat, whose messages the embedded broker hands out at two a second,
asks for the rest less often: a queue that fills would make everybody wait.
"""

from raxdash.celery import app
from raxdash.work import pulse

__all__ = ["app"]

pulse.TICK_SECONDS = 0.5
for name in ("adopt", "jobs"):
    app.conf.beat_schedule[name]["schedule"] = 1.5

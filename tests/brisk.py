"""raxdash's Celery app that looks often for what is due, so that tests wait less.

The worker's own lane looks twice a second. Beat asks for the rest less often: the embedded broker hands out
two messages a second, and in a queue that fills everybody waits.
"""

from raxdash.celery import app
from raxdash.work import pulse

__all__ = ["app"]

pulse.TICK_SECONDS = 0.5
for name in ("adopt", "jobs"):
    app.conf.beat_schedule[name]["schedule"] = 1.5

"""raxdash's Celery app with a beat that looks twice a second for what is due, so that tests wait less."""

from raxdash.celery import app

__all__ = ["app"]

for name in ("adopt", "jobs", "tick"):
    app.conf.beat_schedule[name]["schedule"] = 0.5

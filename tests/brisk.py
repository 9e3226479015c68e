"""raxdash's Celery app with a beat that looks twice a second for what is due, so that tests wait less."""

from raxdash.celery import app

app.conf.beat_schedule["tick"]["schedule"] = 0.5

"""The Celery app: one static tick that asks the database what is due."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging

from raxdash.pulse import Pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raxdash.settings")

app = Celery("raxdash")
app.config_from_object("raxdash.celery_settings")
app.autodiscover_tasks()
app.steps["worker"].add(Pulse)


@celeryd_init.connect
def may_work(**_: Any) -> None:
    """End a worker with one line before it begins, where it cannot work on the database."""
    from raxdash.schema_watch import refuse

    refuse("worker")


@beat_init.connect
def may_beat(**_: Any) -> None:
    """The same for beat."""
    from raxdash.schema_watch import refuse

    refuse("beat")


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Let Django's LOGGING stand: without a receiver Celery would replace the root handlers."""

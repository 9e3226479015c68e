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
@beat_init.connect
def refuse_database_that_does_not_fit(**_: Any) -> None:
    """End a worker or beat with one line before it begins, where it cannot work on the database."""
    from raxdash.schema_watch import refuse

    refuse()


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Let Django's LOGGING stand: without a receiver Celery would replace the root handlers."""

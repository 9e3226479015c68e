"""The Celery app: one static tick that asks the database what is due."""

import os
import warnings
from typing import Any

import django
from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import beat_init, celeryd_init, setup_logging

from raxdash.logs import json_streams
from raxdash.work.pulse import Pulse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raxdash.settings")


class Application(Celery):
    """Celery's application; what its worker and beat print is logged, where logs are JSON."""

    @property
    def Worker(self) -> Any:  # noqa: N802  Celery's name
        """The worker's class, asked for before it prints anything."""
        return spoken(super().Worker)

    @property
    def Beat(self) -> Any:  # noqa: N802  Celery's name
        """Beat's class, the same."""
        return spoken(super().Beat)


def spoken(process: Any) -> Any:
    """Return a class of Celery's once all that it prints is logged."""
    django.setup()
    json_streams.install()
    # Five lines against root, which are about pickled messages: ours are JSON alone (`accept_content`).
    warnings.filterwarnings("ignore", category=SecurityWarning)
    return process


app = Application("raxdash")
app.config_from_object("raxdash.work.celery_settings")
app.autodiscover_tasks()
app.steps["worker"].add(Pulse)


@celeryd_init.connect
def may_work(**_: Any) -> None:
    """End a worker with one line before it begins, where it cannot work on the database."""
    from raxdash.work.schema_watch import refuse

    refuse("worker")


@beat_init.connect
def may_beat(**_: Any) -> None:
    """The same for beat."""
    from raxdash.work.schema_watch import refuse

    refuse("beat")


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Let Django's LOGGING stand: without a receiver Celery would replace the root handlers."""

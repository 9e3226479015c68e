"""The log of this process: in memory, with copies in Redis where there is one."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from playground.live.log.log import MemoryLog, RunLog
from playground.live.shared.erased import tell_erased
from playground.live.shared.shared_log import SharedLog
from playground.live.storage import OWNER

log: RunLog = SharedLog(settings.REDIS_URL, OWNER) if settings.REDIS_URL else MemoryLog()


def forget(run_ids: Collection[UUID]) -> None:
    """Let go of the words of erased runs, here and in every other process; from any thread or worker."""
    log.forget_soon(run_ids)
    tell_erased(settings.REDIS_URL, run_ids)

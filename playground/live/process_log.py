"""The log of this process: in memory, with copies in Redis where there is one."""

from django.conf import settings

from playground.live.log import MemoryLog, RunLog
from playground.live.shared.shared_log import SharedLog
from playground.live.storage import OWNER

log: RunLog = SharedLog(settings.REDIS_URL, OWNER) if settings.REDIS_URL else MemoryLog()

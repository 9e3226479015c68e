"""Tell those who read a run that its first words are waited for, and of signs of life meanwhile."""

from time import time
from uuid import UUID

from playground.live.log.waiting import Waiting
from playground.live.process_log import log


class Signs:
    """What a live run tells of its waiting."""

    def __init__(self, run_id: UUID) -> None:
        self._run_id = run_id
        self._waiting = Waiting(0.0)

    async def begin(self) -> None:
        """Say that the request goes out now."""
        self._waiting = Waiting(time())
        await log.wait(self._run_id, self._waiting)

    async def hear(self) -> None:
        """Say that the API has given a sign of life, unless that is known; its words end the waiting."""
        if self._waiting.is_news(now := time()):
            self._waiting = self._waiting._replace(heard_at=now)
            await log.wait(self._run_id, self._waiting)

"""How a live run waits for words of its answer, as those who read it are told."""

from typing import NamedTuple, Self

from common.templatetags.times import length

WAITING = "Waiting"
KEPT_ALIVE = "The API keeps the connection alive"
# It does for so long after a sign of life.
ALIVE_SECONDS = 45.0
# In the middle of an answer a silence is told once it is so long.
QUIET_SECONDS = 10.0
# Of many signs readers are told so often.
SIGN_SECONDS = 10.0


class Waiting(NamedTuple):
    """Since when a run waits, and when the API last gave a sign of life (0: never), in seconds since 1970.

    Not by a steady clock: readers may be in other processes, on other machines.
    """

    since: float
    heard_at: float = 0.0

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what `str` made a text of."""
        return cls(*map(float, text.split()))

    def __str__(self) -> str:
        return f"{self.since:.3f} {self.heard_at:.3f}"

    def words(self, now: float) -> str:
        """Return what happens meanwhile."""
        return KEPT_ALIVE if now - self.heard_at < ALIVE_SECONDS else WAITING

    def length(self, now: float) -> str:
        """Return how long the run has waited."""
        return length(max(0.0, now - self.since))

    def is_quiet(self, now: float) -> bool:
        """Tell whether words are waited for in the middle of an answer, rather than being written."""
        return now - self.since >= QUIET_SECONDS

    def seconds_to_next(self, now: float) -> float:
        """Return after how long `length` says something else."""
        return 1.0 - (now - self.since) % 1.0

    def is_news(self, now: float) -> bool:
        """Tell whether a sign of life that comes now is to be passed on."""
        return now - self.heard_at >= SIGN_SECONDS

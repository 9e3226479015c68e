"""What an answer took, in numbers as people read them."""

from dataclasses import dataclass

from common.templatetags.times import length
from playground.editor.turns.costs import Costs
from playground.editor.turns.rate import rate_of
from playground.models import Run

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took; empty words where that is not known, or means nothing."""

    run: Run
    costs: Costs | None = None

    @property
    def first_token(self) -> str:
        """How long it was from the request to the first text."""
        return first_token_words(self.run.time_to_first_token_ms)

    @property
    def duration(self) -> str:
        """How long it was from the request to its end."""
        return duration_words(self.run.duration_ms)

    @property
    def cost(self) -> str:
        """What it is estimated to have cost."""
        return self.costs.words(self.run) if self.costs else ""

    @property
    def rate(self) -> str:
        """How fast it was written, from the first token to the last."""
        return rate_words(rate_of(self.run))


def duration_words(milliseconds: int | None) -> str:
    """Return how long something took: `under 0.1 s`, `4.2 s`, `2 min 10 s`."""
    if milliseconds is None:
        return ""
    if round(milliseconds, -2) >= MINUTE_MS:
        return length(round(milliseconds, -2) / 1000)
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 100 else "under 0.1 s"


def first_token_words(milliseconds: int | None) -> str:
    """Return how long the first piece was waited for, where that is short to the hundredth."""
    if milliseconds is None or milliseconds >= 10_000:
        return duration_words(milliseconds)
    return f"{milliseconds / 1000:.2f} s" if milliseconds >= 10 else "under 0.01 s"


def rate_words(rate: float | None) -> str:
    """Return how fast something was written: `42.5 tokens/s`, `1,240 tokens/s`."""
    if rate is None:
        return ""
    if 0 < rate < 0.05:
        return "under 0.1 tokens/s"
    return f"{rate:,.0f} tokens/s" if rate >= 100 else f"{rate:.1f} tokens/s"

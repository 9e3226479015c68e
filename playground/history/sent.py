"""What was sent for a run, as its page shows it."""

from dataclasses import dataclass

from playground.models import Run
from playground.requests import NotAsSent, as_sent
from playground.text.json_layout import lay_out

# A page shows so much of a request; the whole has an address of its own.
SHOWN_CHARS = 50_000


@dataclass(frozen=True, slots=True)
class SentRequest:
    """The body of a request, laid out; where it cannot be put together again, `why_not` says why."""

    text: str = ""
    bytes: int = 0
    why_not: str = ""

    @classmethod
    def of(cls, run: Run) -> "SentRequest":
        """Return what was sent for a run."""
        try:
            body = as_sent(run)
        except NotAsSent as problem:
            return cls(why_not=str(problem))
        return cls(lay_out(body.decode()), len(body))

    @property
    def shown(self) -> str:
        """What stands on the page."""
        return self.text[:SHOWN_CHARS]

    @property
    def is_whole(self) -> bool:
        """Whether that is all."""
        return len(self.text) <= SHOWN_CHARS

"""How far a run is: what is saved of it once a second, and is left of it should its process die."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self
from uuid import UUID

from playground.live.log.said import SAVED_PARTS, Part
from playground.live.outcome.tokens import Tokens, columns_of
from playground.models import Run


class Progress(NamedTuple):
    """What has come of a run so far, fit to be stored; `tokens` are None until the API reports some.

    Of a long text only what is new, where `begins` says how many characters of each part are saved already.
    """

    run_id: UUID
    answer: str
    reasoning: str = ""
    refusal: str = ""
    request_id: str = ""
    tokens: Tokens | None = None
    begins: Mapping[Part, int] | None = None

    @classmethod
    def saved(cls, run: Run) -> Self:
        """Return what was saved last of a live run."""
        tokens = None
        if run.tokens_reported and run.prompt_tokens is not None and run.completion_tokens is not None:
            tokens = Tokens(
                run.prompt_tokens, run.completion_tokens, True, run.reasoning_tokens, run.cached_tokens
            )
        return cls(run.pk, run.answer, run.reasoning, run.refusal, run.request_id, tokens)

    def texts(self) -> dict[str, Any]:
        """Return what was said, by the column of each part."""
        return {str(part): getattr(self, part) for part in SAVED_PARTS}

    def values(self) -> tuple[Any, ...]:
        """Return what is written into its row, in the order of the saver's statements."""
        texts = () if self.begins else (self.answer, self.reasoning, self.refusal)
        return (*texts, self.request_id[:200], *columns_of(self.tokens).values())

    def pieces(self) -> Iterator[tuple[str, int, str]]:
        """Yield what is written beside its row: of which part, behind how many characters, and the text."""
        for part, begins in (self.begins or {}).items():
            if text := getattr(self, part):
                yield str(part), begins, text
